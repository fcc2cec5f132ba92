import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeIn, type BenchHosts } from './hosts.ts';

const WORKLOAD = join(import.meta.dirname, '../workload');

/** Someone who can do the work on some hosts. */
export interface Contender {
  readonly label: string;
  /** The command for a number of hosts, ready to be run; `check` only where the contender can tell without doing. */
  command(count: number, mode: 'apply' | 'check'): { readonly argv: readonly string[]; readonly env?: NodeJS.ProcessEnv } | undefined;
}

/** How the hosts are reached: their ssh_config. */
export interface Way {
  readonly sshConfig: string;
}

/** The script as people send it: `ssh` and `xargs -P`, once for every host. */
export function scriptContender(hosts: BenchHosts, way: Way, label: string, options = ''): Contender {
  const folder = join(hosts.folder, 'scripts');
  mkdirSync(folder, { recursive: true });
  const text = readFileSync(join(WORKLOAD, 'script.sh'), 'utf8');
  hosts.names.forEach((name, index) => {
    writeIn(hosts, `scripts/${name}`, text.replaceAll('@HOST@', name).replaceAll('@HOST_UPPER@', name.toUpperCase()).replaceAll('@ROLE@', index === 0 ? 'first' : 'other'));
  });
  return {
    label,
    command(count, mode) {
      if (mode === 'check') return undefined;
      const each = `ssh -F ${way.sshConfig} ${options} {} sh -s <${folder}/{} >${folder}/{}.out 2>&1`;
      return { argv: ['sh', '-c', `printf '%s\\n' "$@" | xargs -P ${count} -I{} sh -c '${each}'`, 'script', ...hosts.some(count)] };
    },
  };
}

/** Rollcall as built. */
export function rollcallContender(hosts: BenchHosts, way: Way, program: string, more: readonly string[] = [], label = 'Rollcall'): Contender {
  return {
    label,
    command: (count, mode) => ({
      argv: [
        process.execPath, program, 'run', join(WORKLOAD, 'site.yml'), '-i', inventory(hosts, count), '--ssh-config', way.sshConfig, '-f', String(count), '--no-journal', '--output', 'classic',
        ...(mode === 'check' ? ['--check'] : []), ...more,
      ],
    }),
  };
}

/** ansible-core as it comes, tuned, and, where it is installed, with mitogen; the tuned one alone where time is `short`. */
export function ansibleContenders(hosts: BenchHosts, way: Way, short: boolean): readonly Contender[] {
  const mitogen = existsSync('/usr/lib/python3/dist-packages/ansible_mitogen');
  return (short ? ['tuned' as const] : (['default', 'tuned', ...(mitogen ? ['mitogen' as const] : [])] as const)).map((kind) => ansibleContender(hosts, way, kind));
}

/** ansible-core: as it comes, tuned (pipelining, a fork for every host), or with mitogen. */
function ansibleContender(hosts: BenchHosts, way: Way, kind: 'default' | 'tuned' | 'mitogen'): Contender {
  const label = { default: 'ansible-core', tuned: 'ansible-core, tuned', mitogen: 'ansible with mitogen' }[kind];
  return {
    label,
    command: (count, mode) => ({
      argv: ['ansible-playbook', join(WORKLOAD, 'site.yml'), '-i', inventory(hosts, count), ...(mode === 'check' ? ['--check'] : [])],
      env: {
        ANSIBLE_SSH_COMMON_ARGS: `-F ${way.sshConfig}`,
        ANSIBLE_HOME: join(hosts.folder, 'ansible'),
        ANSIBLE_SSH_CONTROL_PATH_DIR: join(hosts.folder, `cp-${kind}`),
        // A connection that an earlier run left open would be no run of its own.
        ANSIBLE_SSH_ARGS: '-o ControlMaster=auto -o ControlPersist=2s',
        ...(kind !== 'default' && { ANSIBLE_PIPELINING: '1', ANSIBLE_FORKS: String(count) }),
        ...(kind === 'mitogen' && { ANSIBLE_STRATEGY: 'mitogen_linear' }),
      },
    }),
  };
}

function inventory(hosts: BenchHosts, count: number): string {
  return writeIn(hosts, `hosts-${count}`, `[all]\n${hosts.some(count).map((name) => `${name}\n`).join('')}[all:vars]\nansible_python_interpreter=/usr/bin/python3\n`);
}
