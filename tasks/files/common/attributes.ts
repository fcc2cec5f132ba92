import { z } from 'zod';
import { change, type Change } from '../../../runner/task/change.ts';
import { sh } from '../../../runner/task/command.ts';
import type { FileStat, Observer } from '../../../runner/task/host.ts';
import { Flag, Text } from '../../../runner/task/params.ts';
import { applyMode, isSymbolicMode } from '../../../runner/util/file-mode.ts';

/** Permissions as Ansible takes them: octal as text, symbolic, or a number (YAML reads 0644 as 420), which must not become the text `420` on the way. */
export const Mode = modeOr();

/** The same, or the permissions of the source. */
export const ModeOrPreserve = modeOr('preserve');

function modeOr(word?: string): z.ZodType<string, number | string> {
  return z
    .union([z.number(), z.string()])
    .refine((mode) => !isForgottenZero(mode), { error: ({ input }) => `${String(input)} is a decimal number, in octal ${Number(input).toString(8)}: write '0${String(input)}'` })
    .transform((given) => (typeof given === 'number' ? given.toString(8).padStart(4, '0') : given))
    .refine((mode) => mode === word || /^(0o)?[0-7]{1,5}$/.test(mode) || isSymbolicMode(mode), { message: "must be octal such as '0644' or symbolic such as 'u=rw,g=r'" });
}

/** 644 is octal 1204: a sticky bit nobody wanted. No number that YAML read from an octal one with sense looks like that. */
function isForgottenZero(mode: number | string): boolean {
  return typeof mode === 'number' && mode >= 0o1000 && mode <= 999 && /^[0-7]+$/.test(String(mode));
}

/** Parameters that every module writing files has. */
export const attributeFields = {
  mode: Mode.optional().describe("Permissions, octal in quotes (`'0644'`) or symbolic (`u=rw,g-w`). Without it an existing file keeps its own, a new one gets 0644 (folders 0755)."),
  owner: Text.optional().describe('User name or id that shall own it.'),
  group: Text.optional().describe('Group name or id that shall own it.'),
  seuser: Text.optional().describe('User part of the SELinux context.'),
  serole: Text.optional().describe('Role part of the SELinux context.'),
  setype: Text.optional().describe('Type part of the SELinux context.'),
  selevel: Text.optional().meta({ aliases: ['serange'] }).describe('Level part of the SELinux context.'),
  unsafe_writes: Flag.default(false).describe('Taken for compatibility; files are always written atomically.'),
} as const;

/** What is wanted of an object's attributes. */
export interface Attributes {
  readonly mode?: string | undefined;
  readonly owner?: string | undefined;
  readonly group?: string | undefined;
  readonly seuser?: string | undefined;
  readonly serole?: string | undefined;
  readonly setype?: string | undefined;
  readonly selevel?: string | undefined;
}

/** The four parts of an SELinux context, in its order. */
const CONTEXT = ['seuser', 'serole', 'setype', 'selevel'] as const;

/** The SELinux context of a path, read only when the parameters ask for one. */
export async function readContext(path: string, want: Attributes, host: Observer): Promise<string | undefined> {
  if (CONTEXT.every((part) => want[part] === undefined)) return undefined;
  return host.read(sh`stat -L -c %C ${path}`, ({ code, stdout }) => (code === 0 ? stdout.trim() : undefined));
}

/** The octal mode that is wanted, four digits; undefined when any will do. */
export function wantedMode(want: string | undefined, before: string, directory = false): string | undefined {
  if (want === undefined) return undefined;
  return isSymbolicMode(want) && !/^\d/.test(want) ? applyMode(want, before, directory) : want.replace(/^0o/, '').replace(/^0+(?=\d{4})/, '').padStart(4, '0');
}

/** True when the wanted user or group (name or number) is the one seen. */
function isPrincipal(want: string, name: string, id: number): boolean {
  return want === name || (/^\d+$/.test(want) && Number(want) === id);
}

/** What has to change about an existing object's owner, group, mode and context. `link`: the object is a link that shall not be followed. */
export function attributeChanges(path: string, seen: FileStat, want: Attributes, options: { context?: string | undefined; link?: boolean } = {}): readonly Change[] {
  const { link = false } = options;
  const own = link ? ['-h'] : [];
  const changes: Change[] = [];
  if (want.owner !== undefined && !isPrincipal(want.owner, seen.owner, seen.uid)) {
    changes.push(change('owner', seen.owner, want.owner, [sh`chown ${[...own, want.owner, path]}`], { undo: [{ run: sh`chown ${[...own, seen.owner, path]}` }] }));
  }
  if (want.group !== undefined && !isPrincipal(want.group, seen.group, seen.gid)) {
    changes.push(change('group', seen.group, want.group, [sh`chgrp ${[...own, want.group, path]}`], { undo: [{ run: sh`chgrp ${[...own, seen.group, path]}` }] }));
  }
  const mode = wantedMode(want.mode, seen.mode, seen.type === 'directory');
  if (mode !== undefined && mode !== seen.mode && !link) {
    changes.push(change('mode', seen.mode, mode, [sh`chmod ${mode} ${path}`], { undo: [{ run: sh`chmod ${seen.mode} ${path}` }] }));
  }
  return [...changes, ...contextChange(path, want, options.context)];
}

function contextChange(path: string, want: Attributes, before: string | undefined): readonly Change[] {
  if (before === undefined || before === '?') return [];
  const parts = before.split(':');
  const seen = [parts[0], parts[1], parts[2], parts.slice(3).join(':')];
  const after = CONTEXT.map((part, index) => want[part] ?? seen[index] ?? '').filter(Boolean).join(':');
  return after === before ? [] : [change('context', before, after, [sh`chcon ${after} ${path}`], { undo: [{ run: sh`chcon ${before} ${path}` }] })];
}

/** Commands that make folders, parents first, with their attributes: one process where all of owner, group and mode go into one command. */
export function folderCommands(paths: readonly string[], want: Attributes): ReturnType<typeof sh>[] {
  const mode = wantedMode(want.mode, '0755', true);
  if (mode === undefined) return [sh`mkdir -p ${paths.at(-1)}`, ...attributeCommands(paths, want, '0755', true)];
  const owner = [...(want.owner === undefined ? [] : ['-o', want.owner]), ...(want.group === undefined ? [] : ['-g', want.group])];
  return [sh`install -d -m ${mode} ${owner} ${paths}`, ...attributeCommands(paths, { ...want, mode: undefined, owner: undefined, group: undefined }, '0755', true)];
}

/** Commands that give a new object its attributes. */
export function attributeCommands(paths: readonly string[], want: Attributes, base: string, directory: boolean): ReturnType<typeof sh>[] {
  const mode = wantedMode(want.mode, base, directory);
  const context = CONTEXT.flatMap((part, index) => (want[part] === undefined ? [] : [`-${['u', 'r', 't', 'l'][index]}`, want[part]]));
  return [
    ...(want.owner === undefined ? [] : [sh`chown ${want.owner} ${paths}`]),
    ...(want.group === undefined ? [] : [sh`chgrp ${want.group} ${paths}`]),
    ...(mode === undefined ? [] : [sh`chmod ${mode} ${paths}`]),
    ...(context.length === 0 ? [] : [sh`chcon ${context} ${paths}`]),
  ];
}
