import { sh } from '../../runner/task/command.ts';
import { defineTask } from '../../runner/task/define.ts';
import type { Observer } from '../../runner/task/host.ts';
import { params } from '../../runner/task/params.ts';
import type { JsonObject } from '../../runner/util/json.ts';
import { put } from '../../runner/util/own.ts';

type Services = Readonly<Record<string, JsonObject>>;

/** Names of the scripts in the folders of SysV's init, without its own. */
const SCRIPTS = sh`for s in /etc/init.d/*; do [ -f "$s" ] && [ -x "$s" ] && basename "$s"; done; :`;
/** Scripts that leave a lock while they run, as those of Red Hat do. */
const LOCKS = sh`ls -A /var/lock/subsys`;
const NO_SERVICE = new Set(['functions', 'killall', 'halt', 'single', 'netconsole', 'netfs', 'rc', 'rcS', 'reboot', 'sandbox', 'skeleton', 'README']);

/** What services there are, as facts. */
export default defineTask<object, Services>({
  name: 'service_facts',
  summary: 'Puts the services of the host into `ansible_facts.services`. Changes nothing.',
  description: `With systemd: all units and unit files of type service. With SysV: the scripts of /etc/init.d, with chkconfig's word about the boot
and \`running\` for those that hold a lock in /var/lock/subsys; asking each script itself would take minutes.`,
  examples: `
- service_facts:
- debug: { msg: "{{ ansible_facts.services['sshd.service'].state }}" }
`,
  params: params({}),
  volatile: true,
  probe: async (_, host) => ((await host.system()).init === 'systemd' ? bySystemd(host) : bySysv(host)),
  plan: () => [],
  result: (_, services) => ({ ansible_facts: { services } }),
});

async function bySystemd(host: Observer): Promise<Services> {
  const [units, files] = await Promise.all([
    host.read(sh`systemctl list-units --no-pager --no-legend --plain --type service --all`, ({ stdout }) => rows(stdout)),
    host.read(sh`systemctl list-unit-files --no-pager --no-legend --type service --all`, ({ stdout }) => rows(stdout)),
  ]);
  const status = new Map(files.map(([name = '', state = '']) => [name, state]));
  const services: Record<string, JsonObject> = {};
  for (const [name = '', load = '', active = '', sub = ''] of units) {
    const state = load === 'not-found' ? 'stopped' : active === 'active' && sub === 'running' ? 'running' : active === 'failed' ? 'failed' : 'stopped';
    put(services, name, { name, source: 'systemd', state, status: load === 'not-found' ? 'not-found' : active === 'failed' ? 'failed' : (status.get(name) ?? 'unknown') });
  }
  for (const [name, state] of status) if (!Object.hasOwn(services, name)) put(services, name, { name, source: 'systemd', state: 'inactive', status: state });
  return services;
}

async function bySysv(host: Observer): Promise<Services> {
  const [scripts, locks, boot] = await Promise.all([
    host.read(SCRIPTS, ({ stdout }) => stdout.split('\n').filter((name) => name !== '' && !NO_SERVICE.has(name))),
    host.read(LOCKS, ({ stdout }) => new Set(stdout.split('\n'))),
    host.read(sh`chkconfig --list`, ({ stdout }) => new Map(rows(stdout).map(([name = '', ...levels]) => [name, levels.some((level) => /^[2-5]:on$/.test(level))]))),
  ]);
  return Object.fromEntries(scripts.map((name) => {
    const enabled = boot.get(name);
    return [name, { name, source: 'sysv', state: locks.has(name) ? 'running' : 'stopped', ...(enabled !== undefined && { status: enabled ? 'enabled' : 'disabled' }) }];
  }));
}

function rows(text: string): readonly (readonly string[])[] {
  return text.split('\n').map((line) => line.replace(/^[\u25cf*\s]+/, '').trim()).filter(Boolean).map((line) => line.split(/\s+/));
}
