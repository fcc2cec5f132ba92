import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { posix } from 'node:path';
import type { Command } from '../task/command.ts';
import { TaskFailure } from '../task/failure.ts';
import type { Actuator, FileStat, Observer, Output, SystemInfo } from '../task/host.ts';
import type { FileSpec } from '../task/change.ts';
import { FakeFiles, fourDigits, type FakeFile } from './fake-files.ts';
import { runFileReads } from './file-reads.ts';
import { runFileVerbs } from './file-verbs.ts';
import { own } from '../util/own.ts';

/** What a command answers; `sets` is what it changes on the host (only commands that are run may have it, never reads). */
export interface FakeAnswer {
  readonly stdout?: string;
  readonly stderr?: string;
  readonly code?: number;
  readonly sets?: Pick<FakeSpec, 'files' | 'commands' | 'system'> & { readonly remove?: readonly string[] };
}

/** An answer, its stdout alone, or a function of the script (and its standard input). */
export type FakeResponse = string | FakeAnswer | ((script: string, stdin: string) => string | FakeAnswer);

/** A host as a test imagines it. */
export interface FakeSpec {
  /** Name in the inventory; default `fake`. */
  readonly name?: string;
  /** By absolute path; parent folders come by themselves. `/etc/passwd`, `/etc/group` and the like feed `getent`. */
  readonly files?: Readonly<Record<string, FakeFile>>;
  /** By exact script, or by a regular expression written `/…/`; exact ones first. */
  readonly commands?: Readonly<Record<string, FakeResponse>>;
  /** Default: CentOS 6.10 as root. */
  readonly system?: Partial<SystemInfo>;
}

/** A host in memory. */
export interface FakeHost {
  readonly observer: Observer;
  readonly actuator: Actuator;
  /** Scripts of the commands that were run for their effect, in order. */
  readonly ran: string[];
  /** Scripts that were read, in order. */
  readonly asked: string[];
  /** Paths written, in order. */
  readonly written: string[];
  /** What was copied to the controller: local path → bytes. */
  readonly downloaded: Map<string, Buffer>;
  readonly files: FakeFiles;
  /** The text of a file, undefined when there is none. */
  text(path: string): string | undefined;
}

const SYSTEM: SystemInfo = { distribution: 'centos', version: '6.10', family: 'RedHat', init: 'sysv', packages: 'yum', selinux: 'disabled', uid: 0 };

/** Makes a host in memory for tests of task modules: a stateful file system, and commands that answer as told. */
export function fakeHost(spec: FakeSpec = {}): FakeHost {
  const files = new FakeFiles(spec.files);
  let commands: Record<string, FakeResponse> = { ...spec.commands };
  let system: SystemInfo = { ...SYSTEM, ...spec.system };
  const ran: string[] = [];
  const asked: string[] = [];
  const written: string[] = [];
  const downloaded = new Map<string, Buffer>();

  const answer = (command: Command, effect: boolean): Output => {
    const response = findResponse(commands, command.script);
    if (response === undefined) {
      const done = (effect ? runFileVerbs(command.script, files) : undefined) ?? runFileReads(command.script, files);
      if (done) return done;
      throw new Error(unexpected(command.script, effect, Object.keys(commands)));
    }
    const given = typeof response === 'function' ? response(command.script, String(command.stdin ?? '')) : response;
    const full: FakeAnswer = typeof given === 'string' ? { stdout: given } : given;
    if (full.sets) {
      if (!effect) throw new Error(`a probe ran a command that changes the host: ${command.script}`);
      for (const path of full.sets.remove ?? []) files.remove(path);
      for (const [path, file] of Object.entries(full.sets.files ?? {})) files.put(path, file);
      commands = { ...commands, ...full.sets.commands };
      system = { ...system, ...full.sets.system };
    }
    return { code: full.code ?? 0, stdout: full.stdout ?? '', stderr: full.stderr ?? '' };
  };

  const observer: Observer = {
    name: spec.name ?? 'fake',
    signal: new AbortController().signal,
    async read(command, parse) {
      asked.push(command.script);
      return parse(answer(command, false));
    },
    async stat(path, { follow = false } = {}) {
      return statOf(files, path, follow);
    },
    async checksum(path, algorithm = 'sha256') {
      const entry = files.get(path);
      return entry?.type === 'file' ? createHash(algorithm).update(entry.content).digest('hex') : null;
    },
    async readFile(path) {
      const entry = files.get(path);
      return entry?.type === 'file' ? Buffer.from(entry.content) : null;
    },
    async getent(database, key) {
      return lookup(files, database, key);
    },
    async system() {
      return system;
    },
  };

  const write = (file: FileSpec): void => {
    if (file.validate !== undefined) {
      const { code, stderr } = answer({ script: file.validate } as Command, true);
      if (code !== 0) throw new TaskFailure(`failed to validate: rc:${code} error:${stderr}`, { rc: code, stderr });
    }
    const path = files.resolve(file.path) ?? file.path;
    if (files.get(posix.dirname(path))?.type !== 'directory') throw new TaskFailure(`Destination directory ${posix.dirname(path)} does not exist`);
    const old = files.get(path);
    if (old?.type === 'directory') throw new TaskFailure(`${path} is a directory`);
    if (old && file.backup) files.put(`${path}.1.2026-01-01@00:00:00~`, { content: old.content, mode: old.mode, owner: old.owner, group: old.group });
    const { mode = old?.mode ?? '0644', owner = old?.owner ?? 'root', group = old?.group ?? 'root' } = file;
    files.put(path, { content: Buffer.from(file.content), mode: fourDigits(mode), owner, group });
    written.push(file.path);
  };

  const actuator: Actuator = {
    ...observer,
    async run(command, { ok = [0] } = {}) {
      ran.push(command.script);
      const output = answer(command, true);
      if (ok !== 'any' && !ok.includes(output.code)) {
        throw new TaskFailure(`${command.shown}: exit code ${output.code}: ${(output.stderr || output.stdout).trim()}`, { rc: output.code, stdout: output.stdout, stderr: output.stderr });
      }
      return output;
    },
    async write(file) {
      write(file);
    },
    async remove(path) {
      files.remove(path);
    },
    async wait({ until, description, timeout, interval }) {
      for (let tries = Math.max(1, Math.min(1000, timeout / Math.max(interval, 0.1))); tries > 0; tries--) {
        if (answer(until, false).code === 0) return;
      }
      throw new TaskFailure(`timed out after ${timeout} s waiting for ${description}`);
    },
    async guarded(_rollback, _seconds, act) {
      await act();
    },
    async reboot(command) {
      ran.push(command.script);
      answer(command, true);
    },
    async upload(localPath, file) {
      write({ ...file, content: await readFile(localPath) });
    },
    async download(path, localPath) {
      const entry = files.get(path);
      if (entry?.type !== 'file') throw new TaskFailure(`${path} is not a file`);
      downloaded.set(localPath, entry.content);
    },
  };

  return { observer, actuator, ran, asked, written, downloaded, files, text: (path) => files.get(path)?.content.toString() };
}

function findResponse(commands: Readonly<Record<string, FakeResponse>>, script: string): FakeResponse | undefined {
  if (Object.hasOwn(commands, script)) return commands[script];
  const pattern = Object.keys(commands).find((key) => /^\/.+\/$/s.test(key) && new RegExp(key.slice(1, -1)).test(script));
  return pattern === undefined ? undefined : commands[pattern];
}

function unexpected(script: string, effect: boolean, known: readonly string[]): string {
  const list = known.length === 0 ? '  (none)' : known.map((each) => `  ${each}`).join('\n');
  return `the fake host was asked to ${effect ? 'run' : 'read'} a command that the test does not mention:\n  ${script}\nIt knows:\n${list}`;
}

function statOf(files: FakeFiles, path: string, follow: boolean): FileStat | null {
  const entry = files.get(path, follow);
  if (!entry) return null;
  const { type, mode, owner, group, mtime, inode, target } = entry;
  const size = type === 'directory' ? 4096 : (target ?? entry.content).length;
  const uid = Number(lookup(files, 'passwd', owner)?.[2] ?? owner);
  const gid = Number(lookup(files, 'group', group)?.[2] ?? group);
  return { type, mode, uid, gid, owner, group, size, mtime, inode, device: 'fd00', links: files.linksTo(entry), ...(target !== undefined && { target }) };
}

/** Entries every system has, for hosts whose test brings no such file. */
const DATABASES: Readonly<Record<string, string>> = {
  passwd: 'root:x:0:0:root:/root:/bin/sh\ndaemon:x:2:2:daemon:/sbin:/sbin/nologin\n',
  group: 'root:x:0:\ndaemon:x:2:\n',
};

function lookup(files: FakeFiles, database: string, key: string): readonly string[] | null {
  const text = files.get(`/etc/${database}`)?.content.toString() ?? own(DATABASES, database) ?? '';
  const rows = text.split('\n').filter(Boolean).map((line) => (database === 'hosts' || database === 'services' ? line.split(/\s+/) : line.split(':')));
  return rows.find((row) => row[0] === key || ((database === 'passwd' || database === 'group') && row[2] === key)) ?? null;
}
