import { z } from 'zod';
import { change, ABSENT, type Change } from '../../runner/task/change.ts';
import { sh } from '../../runner/task/command.ts';
import { defineTask } from '../../runner/task/define.ts';
import { TaskFailure } from '../../runner/task/failure.ts';
import { Flag, Word, params } from '../../runner/task/params.ts';
import { parseGetsebool, parseStoredBooleans, type BooleanState } from '../parse/selinux.ts';

const fields = params({
  name: Word.describe('Name of the boolean.'),
  state: Flag.describe('Wanted value.'),
  persistent: Flag.default(false).describe('Also store it for the next boot.'),
  ignore_selinux_state: Flag.default(false).describe('Do nothing, successfully, where SELinux is disabled.'),
});
type Params = z.output<typeof fields>;
interface Seen {
  readonly active: BooleanState;
  readonly stored: boolean | undefined;
}

/** A boolean of the SELinux policy. */
export default defineTask<Params, Seen>({
  name: 'seboolean',
  summary: 'A boolean of the SELinux policy, now and stored.',
  description: `The stored value is read from the policy store's booleans.local, which needs no semanage and no Python.
Where SELinux is disabled there are no booleans: a failure, unless \`ignore_selinux_state\` is set.`,
  examples: `- name: Fence devices are reached over the network
  seboolean: { name: fenced_can_network_connect, state: true, persistent: true }
`,
  params: fields,
  async probe({ name, persistent }, host) {
    // EL6, EL7 at first, and since: each release keeps them elsewhere.
    const places = sh`/etc/selinux/*/modules/active/booleans.local /etc/selinux/*/active/booleans.local /var/lib/selinux/*/active/booleans.local`;
    const stores = sh`cat ${places} 2>/dev/null`;
    const [active, stored] = await Promise.all([
      host.read(sh`getsebool ${name}`, parseGetsebool),
      persistent ? host.read(stores, ({ stdout }) => parseStoredBooleans(stdout)) : undefined,
    ]);
    return { active, stored: stored?.get(name) };
  },
  plan({ name, state, persistent, ignore_selinux_state }, { active, stored }) {
    if (active.kind !== 'known') {
      if (active.kind !== 'unknown' && active.kind !== 'error' && ignore_selinux_state) return [];
      throw new TaskFailure(explain(name, active));
    }
    const word = state ? 'on' : 'off';
    const back = state ? 'off' : 'on';
    const changes: Change[] = [];
    const store = persistent && stored !== state;
    // setsebool -P sets both sides; the other form would be a second, slower call.
    if (active.on !== state)
      changes.push(
        change('runtime', active.on, state, store ? [] : [sh`setsebool ${name} ${word}`], store ? {} : { undo: [{ run: sh`setsebool ${name} ${back}` }] }),
      );
    if (store)
      changes.push(
        change('policy', stored ?? ABSENT, state, [sh`setsebool -P ${name} ${word}`.with({ timeout: 300 })], {
          undo: [{ run: sh`setsebool -P ${name} ${back}` }],
        }),
      );
    return changes;
  },
  result: ({ name, state }) => ({ name, state }),
});

function explain(name: string, state: Exclude<BooleanState, { kind: 'known' }>): string {
  switch (state.kind) {
    case 'disabled':
      return `SELinux is disabled on this host: '${name}' has no value (set 'ignore_selinux_state: true' to accept that)`;
    case 'no-tool':
      return "this host has no getsebool: SELinux is not installed (set 'ignore_selinux_state: true' to accept that)";
    case 'unknown':
      return `the policy of this host has no boolean '${name}'`;
    case 'error':
      return `getsebool ${name} failed: ${state.text}`;
  }
}
