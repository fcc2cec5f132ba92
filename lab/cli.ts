import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { execWords } from './exec.ts';
import { COMMAND_HELP, LAB_HELP } from './help.ts';
import { defaultLabDir, hostDir, LabError, requireHost, type HostShell, type Persona } from './lab-dir.ts';
import { labDown, labKill, labLink, labList, labStart, labUp } from './lab.ts';
import { own } from '../runner/util/own.ts';

const OPTIONS = {
  dir: { type: 'string' },
  persona: { type: 'string' },
  shell: { type: 'string' },
  subnet: { type: 'string' },
  nopasswd: { type: 'boolean' },
  set: { type: 'string', multiple: true },
  help: { type: 'boolean', short: 'h' },
} as const;

type Values = ReturnType<typeof parse>['values'];

/** `rollcall lab …`: makes, shows, breaks and removes throwaway hosts. Gives the exit code; 5 for bad input. */
export async function labCommand(argv: readonly string[]): Promise<number> {
  const [command = 'help', ...rest] = argv;
  try {
    if (['help', '--help', '-h'].includes(command)) return say(LAB_HELP);
    if (!(command in COMMAND_HELP)) throw new LabError(`there is no \`rollcall lab ${command}\`: try ${Object.keys(COMMAND_HELP).join(', ')}`);
    // What follows the host's name is a command of its own, with its own options.
    if (command === 'exec') return await exec(rest);
    const { values, positionals } = parse(rest);
    if (values.help) return say(`${own(COMMAND_HELP, command) ?? ''}\n`);
    return await carryOut(command, values, positionals);
  } catch (error) {
    if (!(error instanceof LabError) && !(error instanceof TypeError && 'code' in error)) throw error;
    process.stderr.write(`rollcall lab: ${error.message}\n`);
    return 5;
  }
}

function parse(argv: readonly string[]) {
  return parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true });
}

async function carryOut(command: string, values: Values, names: readonly string[]): Promise<number> {
  const dir = resolve(values.dir ?? defaultLabDir());
  switch (command) {
    case 'up':
      return up(dir, values, names);
    case 'down':
      await labDown(dir);
      return say('The lab is down.\n');
    case 'list':
      return say(labList(dir).map((host) => `${host.name.padEnd(12)} ${host.address.padEnd(15)} ${host.up ? 'up' : 'down'}\n`).join(''));
    case 'kill':
    case 'start':
      for (const name of needed(command, names)) await (command === 'kill' ? labKill(name, dir) : labStart(name, dir));
      return 0;
    case 'link': {
      const [name = '', state] = names;
      if (state !== 'up' && state !== 'down') throw new LabError('usage: rollcall lab link HOST up|down');
      await labLink(name, state, dir);
      return 0;
    }
    case 'logs': {
      const [name = ''] = needed(command, names);
      requireHost(dir, name);
      process.stdout.write(await readFile(join(hostDir(dir, name), 'console.log'), 'utf8').catch(() => ''));
      return inherit(execWords(dir, name, ['sh', '-c', 'cat /var/log/boot.log /var/log/messages 2>/dev/null || true']));
    }
    default:
      throw new LabError(`there is no \`rollcall lab ${command}\``);
  }
}

async function up(dir: string, values: Values, names: readonly string[]): Promise<number> {
  const begun = Date.now();
  const lab = await labUp({
    dir,
    persona: oneOf<Persona>('persona', values.persona ?? 'centos6', ['centos6', 'plain']),
    shell: oneOf<HostShell>('shell', values.shell ?? 'bash', ['bash', 'dash', 'busybox']),
    nopasswd: values.nopasswd ?? false,
    conf: Object.fromEntries((values.set ?? []).map(switchOf)),
    ...(names.length > 0 && { names }),
    ...(values.subnet !== undefined && { subnet: subnetOf(values.subnet) }),
  });
  const hosts = lab.hosts.map((host) => `  ${host.name.padEnd(12)} ${host.address}\n`).join('');
  const seconds = ((Date.now() - begun) / 1000).toFixed(1);
  return say(`${lab.hosts.length} hosts are up (${lab.persona}, ${seconds} s):\n${hosts}Reach them: ssh -F ${lab.sshConfig} ${lab.hosts[0]?.name ?? ''}\n`);
}

function switchOf(text: string): readonly [string, string] {
  const match = /^([A-Z][A-Z0-9_]*)=([^'\n]*)$/.exec(text);
  if (match === null) throw new LabError(`--set takes NAME=VALUE with a name in capitals, not ${text}`);
  return [match[1] ?? '', match[2] ?? ''];
}

function subnetOf(text: string): number {
  const subnet = Number(text);
  if (!Number.isInteger(subnet) || subnet < 0 || subnet > 255) throw new LabError(`--subnet takes a number from 0 to 255, not ${text}`);
  return subnet;
}

function oneOf<T extends string>(option: string, value: string, choices: readonly T[]): T {
  const found = choices.find((choice) => choice === value);
  if (found === undefined) throw new LabError(`--${option} takes ${choices.join(', ')}; not ${value}`);
  return found;
}

function needed(command: string, names: readonly string[]): readonly string[] {
  if (names.length === 0) throw new LabError(`usage: rollcall lab ${command} HOST`);
  return names;
}

async function exec(argv: readonly string[]): Promise<number> {
  let dir = defaultLabDir();
  let words = argv;
  if (words[0] === '--help' || words[0] === '-h') return say(`${COMMAND_HELP['exec'] ?? ''}\n`);
  if (words[0] === '--dir') {
    dir = resolve(words[1] ?? '');
    words = words.slice(2);
  }
  const [name, ...rest] = words;
  if (name === undefined) throw new LabError('usage: rollcall lab exec [--dir FOLDER] HOST [COMMAND [WORD…]]');
  const command = rest[0] === '--' ? rest.slice(1) : rest;
  return inherit(execWords(dir, name, command.length > 0 ? command : ['bash', '-i']));
}

async function inherit(words: readonly string[]): Promise<number> {
  return new Promise((done) => {
    const child = spawn(words[0] ?? '', words.slice(1), { stdio: 'inherit' });
    child.on('error', () => done(127));
    child.on('close', (code) => done(code ?? 1));
  });
}

function say(text: string): number {
  process.stdout.write(text);
  return 0;
}
