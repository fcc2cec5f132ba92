import { ABSENT, change, type Change } from '../../runner/task/change.ts';
import { sh } from '../../runner/task/command.ts';
import { defineTask } from '../../runner/task/define.ts';
import { TaskFailure } from '../../runner/task/failure.ts';
import type { Observer } from '../../runner/task/host.ts';
import { performSteps } from '../../runner/task/perform.ts';
import { parseUfwFiles, parseUfwStatus, ufwPlace, ufwWouldChange, type UfwStatus } from '../parse/ufw.ts';
import { ufwParams, ufwRule, type UfwParams } from './ufw-params.ts';

/** Where ufw has kept its rules, newest first. */
const FOLDERS = ['/etc/ufw', '/lib/ufw', '/var/lib/ufw'];

interface Seen {
  readonly status: UfwStatus;
  /** Its words, for the result. */
  readonly text: string;
  /** The rule in words, and whether it is still to be made or deleted. */
  readonly rule?: { readonly words: readonly string[]; readonly open: boolean };
}

// A firewall that is only asked must leave no compiled file of Python behind.
const ask = sh`PYTHONDONTWRITEBYTECODE=1 ufw`;

async function look(given: UfwParams, host: Observer): Promise<Seen> {
  const text = await host.read(sh`${ask} status verbose`, ({ code, stdout, stderr }) => {
    if (code === 127) throw new TaskFailure('Failed to find required executable "ufw": install the package ufw first');
    if (code !== 0) throw new TaskFailure((stderr || stdout).trim(), { rc: code });
    return stdout;
  });
  const said = parseUfwStatus(text);
  const status = said.active ? said : parseUfwFiles(await textOf('/etc/default/ufw', host), await textOf('/etc/ufw/ufw.conf', host));
  if (given.rule === undefined) return { status, text };
  const numbered = given.insert === undefined || given.insert_relative_to === 'zero' ? '' : await host.read(sh`${ask} status numbered`, ({ stdout }) => stdout);
  const place = given.insert === undefined || given.delete ? null : ufwPlace(given.insert, given.insert_relative_to, numbered);
  const words = ufwRule(given, place);
  const [dry, ipv4, ipv6] = await Promise.all([
    host.read(sh`${ask} --dry-run ${words}`, ({ code, stdout, stderr }) => {
      if (code !== 0) throw new TaskFailure((stderr || stdout).trim(), { rc: code, commands: [`ufw ${words.join(' ')}`] });
      return stdout;
    }),
    rulesIn('user.rules', host),
    rulesIn('user6.rules', host),
  ]);
  return { status, text, rule: { words, open: ufwWouldChange(dry, { ipv4, ipv6 }) } };
}

async function textOf(path: string, host: Observer): Promise<string> {
  return (await host.readFile(path))?.toString() ?? '';
}

async function rulesIn(name: string, host: Observer): Promise<string> {
  const found = await Promise.all(FOLDERS.map((folder) => host.readFile(`${folder}/${name}`)));
  return found.find((content) => content !== null)?.toString() ?? '';
}

function planState({ state }: UfwParams, { status }: Seen): readonly Change[] {
  const is = status.active ? 'enabled' : 'disabled';
  if (state === undefined || state === is) return [];
  if (state === 'enabled') return [change('state', is, state, [sh`ufw -f enable`], { risk: 'disconnect', undo: [{ run: sh`ufw -f disable` }] })];
  if (state === 'disabled') return [change('state', is, state, [sh`ufw -f disable`], { undo: [{ run: sh`ufw -f enable` }] })];
  return [change('state', is, state, [state === 'reset' ? sh`ufw -f reset` : sh`ufw -f reload`], { repeats: true })];
}

function planLogging({ logging }: UfwParams, { status }: Seen): readonly Change[] {
  const now = status.logging;
  const right = now === logging || (logging === 'on' && now !== undefined && now !== 'off');
  return logging === undefined || right ? [] : [change('logging', now ?? ABSENT, logging, [sh`ufw logging ${logging}`])];
}

function planDefault({ default: policy, direction }: UfwParams, { status }: Seen): readonly Change[] {
  if (policy === undefined) return [];
  const way = direction === 'outgoing' || direction === 'routed' ? direction : 'incoming';
  const now = status.defaults?.[way];
  if (now === policy || now === 'disabled') return [];
  const words = ['default', policy, ...(direction === undefined ? [] : [direction])];
  return [change(`default ${way}`, now ?? ABSENT, policy, [sh`ufw ${words}`], { ...(policy !== 'allow' && status.active && { risk: 'disconnect' }), undo: [{ run: sh`ufw default ${now ?? 'allow'} ${way}` }] })];
}

/** The firewall of Ubuntu. */
export default defineTask<UfwParams, Seen>({
  name: 'ufw',
  summary: 'The firewall ufw: its state, defaults, logging and rules.',
  description: `What a rule would change is asked of \`ufw --dry-run\`. Switching the firewall on and stricter defaults are guarded: unless a new connection can be opened afterwards, the host takes them back
by itself. Let SSH in first.`,
  examples: `
- ufw: { rule: allow, port: '22', proto: tcp }
- ufw: { state: enabled, default: deny }
`,
  params: ufwParams,
  exclusive: 'ufw',
  probe: look,
  plan(given, seen): readonly Change[] {
    const { rule } = seen;
    const before = rule?.words.includes('delete') === true;
    const text = rule?.words.filter((word) => word !== 'delete').join(' ') ?? '';
    const rules = rule?.open === true ? [change('rule', before ? text : ABSENT, before ? ABSENT : text, [sh`ufw ${rule.words}`])] : [];
    // Rules come before the firewall that needs them.
    return [...planLogging(given, seen), ...rules, ...planDefault(given, seen), ...planState(given, seen)];
  },
  async apply(planned, host) {
    const [back] = planned.undo ?? [];
    if (planned.risk !== 'disconnect' || !back || !('run' in back)) return performSteps(planned.steps, host);
    return host.guarded(back.run, 60, () => performSteps(planned.steps, host));
  },
  result: (_, { text }) => ({ msg: text.trimEnd() }),
});
