import { posix } from 'node:path';
import { z } from 'zod';
import type { Change } from '../../runner/task/change.ts';
import { sh } from '../../runner/task/command.ts';
import { defineTask } from '../../runner/task/define.ts';
import { TaskFailure } from '../../runner/task/failure.ts';
import type { Observer } from '../../runner/task/host.ts';
import { performSteps } from '../../runner/task/perform.ts';
import { Flag, Text, Word, params } from '../../runner/task/params.ts';
import type { Json, JsonObject } from '../../runner/util/json.ts';
import { contentChanges } from '../files/common/content.ts';
import { expandPath } from '../files/common/target.ts';
import { lookAtText, type TextFile } from '../files/common/text-file.ts';
import { dropSshHost, setSshHost, type SshConfigEdited, type SshOptions } from '../parse/ssh-config-edit.ts';

const GLOBAL = '/etc/ssh/ssh_config';

const schema = params({
  host: Word.describe('The host as it is called: what stands behind `Host`.'),
  state: z.enum(['present', 'absent']).default('present').describe('Whether there shall be such an entry.'),
  hostname: Text.optional().describe('Where it really is.'),
  port: Text.optional().describe('Its port.'),
  remote_user: Text.optional().describe('Who logs in.'),
  identity_file: Text.optional().describe('The key to log in with; it must be there when the configuration is.'),
  user_known_hosts_file: Text.optional().describe('Where host keys are kept.'),
  strict_host_key_checking: z.enum(['yes', 'no', 'ask']).optional().describe('What is done about unknown host keys.'),
  proxycommand: Text.optional().describe('Program that connects.'),
  proxyjump: Text.optional().describe('Hosts on the way.'),
  forward_agent: Flag.optional().describe('Let the host use the agent.'),
  host_key_algorithms: Text.optional().describe('Host keys that are taken.'),
  user: Word.optional().describe('Whose ~/.ssh/config; without it and ssh_config_file, that of the whole system.'),
  group: Word.optional().describe('Group of the file; that of the user without it.'),
  ssh_config_file: Text.optional().describe('Another file.'),
}).refine(({ user, ssh_config_file }) => user === undefined || ssh_config_file === undefined, 'parameters are mutually exclusive: user|ssh_config_file');
type Params = z.output<typeof schema>;

interface Seen {
  readonly file: TextFile;
  readonly identity: string | undefined;
}

/** Hosts in an ssh_config. */
export default defineTask<Params, Seen>({
  name: 'ssh_config',
  summary: "A host's entry in an ssh_config.",
  description: 'Options that are not given stay as they are, and so do comments and other entries, line by line.',
  examples: `
- ssh_config: { user: deploy, host: git, hostname: git.example.org, port: '2222', identity_file: ~deploy/.ssh/git }
- ssh_config: { host: old.example.org, state: absent }
`,
  params: schema,
  async probe(given, host) {
    const file = await lookAtText(await pathOf(given, host), host, {});
    const identity = given.identity_file === undefined ? undefined : await expandPath(given.identity_file, host);
    if (identity !== undefined && file.content && given.state === 'present' && !(await host.stat(posix.resolve(posix.dirname(file.path), identity), { follow: true })))
      throw new TaskFailure(`IdentityFile ${given.identity_file} does not exist`);
    return { file, identity };
  },
  plan(given, { file, identity }): readonly Change[] {
    const before = file.content?.toString() ?? '';
    const { text, blocks } = edited(given, before, identity);
    if (text === before) return [];
    const { user: owner, group = owner } = given;
    const [block] = blocks.filter((each) => JSON.stringify([...each.before]) !== JSON.stringify([...each.after]));
    const shown = { aspect: given.state === 'absent' ? 'removed' : block?.before.size === 0 ? 'added' : 'changed', before: plain(block?.before), after: plain(block?.after) };
    const changes = contentChanges(file, file.content, { content: Buffer.from(text), mode: file.path === GLOBAL ? '0644' : '0600', owner, group }, shown);
    return file.hasParent ? changes : changes.map((each, index) => (index > 0 ? each : { ...each, steps: [...folderOf(file.path, owner, group), ...each.steps] }));
  },
  async apply({ aspect, steps, before, after }, host, given) {
    await performSteps(steps, host);
    if (aspect === 'changed') return { hosts_changed: [given.host], hosts_change_diff: [{ [given.host]: { old: before as Json, new: after as Json } }] };
    return aspect === 'added' || aspect === 'removed' ? { [`hosts_${aspect}`]: [given.host] } : {};
  },
  result: () => ({ hosts_added: [], hosts_removed: [], hosts_changed: [], hosts_change_diff: [] }),
});

async function pathOf({ user, ssh_config_file }: Params, host: Observer): Promise<string> {
  if (user === undefined) return ssh_config_file ?? GLOBAL;
  const home = (await host.getent('passwd', user))?.[5];
  if (home === undefined) throw new TaskFailure(`there is no user '${user}'`);
  return `${home}/.ssh/config`;
}

/** A folder for keys is its owner's alone. */
function folderOf(path: string, owner: string | undefined, group: string | undefined): Change['steps'] {
  const folder = posix.dirname(path);
  return [{ run: sh`mkdir -p ${folder}` }, ...(owner === undefined ? [] : [{ run: sh`chmod 0700 ${folder}` }, { run: sh`chown ${`${owner}:${group ?? ''}`} ${folder}` }])];
}

function edited(given: Params, text: string, identity: string | undefined): SshConfigEdited {
  if (given.state === 'absent') return dropSshHost(text, given.host);
  const options: readonly (readonly [string, string | undefined])[] = [
    ['hostname', given.hostname], ['port', given.port], ['identityfile', identity], ['user', given.remote_user], ['stricthostkeychecking', given.strict_host_key_checking],
    ['userknownhostsfile', given.user_known_hosts_file], ['proxycommand', given.proxycommand], ['proxyjump', given.proxyjump], ['hostkeyalgorithms', given.host_key_algorithms],
    ['forwardagent', given.forward_agent === undefined ? undefined : given.forward_agent ? 'yes' : 'no'],
  ];
  return setSshHost(text, given.host, new Map(options.flatMap(([key, value]) => (value === undefined || value === '' ? [] : [[key, value] as const]))));
}

/** Options as the module tells them: identity files as a list. */
function plain(options: SshOptions = new Map()): JsonObject {
  return Object.fromEntries([...options].map(([key, values]): [string, Json] => [key, ['identityfile', 'localforward', 'remoteforward'].includes(key) ? [...values] : (values[0] ?? '')]));
}
