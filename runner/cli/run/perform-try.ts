import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { throwaway, type Throwaway } from '../../../lab/throwaway.ts';
import type { Event } from '../../event/event.ts';
import { EXIT_BAD_INPUT } from '../../event/exit-code.ts';
import { againLines, checkLines, line, runLines, trialCode, type Pass } from '../../report/trial.ts';
import { diskReader } from '../../source/disk.ts';
import { formatDiagnostic } from '../../source/excerpt.ts';
import type { Tree } from '../../template/tree.ts';
import type { Process } from '../process.ts';
import { parseExtraVars } from '../load/extra-vars.ts';
import { foreseeRun } from './foresee-run.ts';
import { loadRun, type Loaded } from '../load/load-run.ts';
import type { TryOptions } from '../options.ts';
import { runPlaybooks } from './run-playbooks.ts';
import type { RunRequest } from '../load/request.ts';
import { runRequest } from '../load/run-request.ts';
import { inventedInventory, labNames, trialHosts, usesBecome } from './trial-hosts.ts';

/** More hosts than these are no trial. */
const MOST_HOSTS = 12;

/** Carries out `rollcall try`: makes throwaway hosts, checks, runs, runs again, takes the hosts away, and says what was seen. */
export async function performTry(options: TryOptions, process: Process): Promise<number> {
  const work = mkdtempSync(join(tmpdir(), 'rollcall-try-'));
  try {
    const asked = await runRequest(options, process);
    // What throwaway hosts say is not to be remembered, and the last run that is recorded here stays the last one.
    const { factCache: _facts, retryFiles: _retry, ...rest } = asked;
    const request: RunRequest = { ...rest, journal: false };
    const read = (sources: RunRequest): Promise<Loaded> => loadRun(sources, (secret) => request.redactor.add(secret));
    const invented = request.inventories.length === 0 ? join(work, 'hosts') : undefined;
    if (invented !== undefined) writeFileSync(invented, inventedInventory((await read(request)).playbooks));
    const sources: RunRequest = { ...request, ...(invented !== undefined && { inventories: [invented] }) };
    const loaded = await read(sources);
    const found = foreseeRun(loaded, sources);
    for (const each of found) process.complain(`${formatDiagnostic(each)}\n\n`);
    if (found.some((each) => each.severity === 'error')) return EXIT_BAD_INPUT;
    const hosts = trialHosts(loaded.selected, loaded.inventory, request.settings.limit);
    const refusal = hosts.length === 0 ? 'the plays name no host that could be made' : hosts.length > MOST_HOSTS ? `the plays name ${hosts.length} hosts, and a trial has ${MOST_HOSTS} at most: choose some with --limit` : undefined;
    if (refusal !== undefined) return refuse(refusal, process);
    const names = labNames(hosts);
    const begun = Date.now();
    const dir = options.keep ? join(request.cwd, '.rollcall/lab') : join(work, 'lab');
    if (options.keep && existsSync(dir)) return refuse('a lab is up here already: take it down with rollcall lab down', process);
    const lab = await throwaway({ dir, names: [...names.values()], persona: options.persona, shell: options.shell, conf: options.conf }, !options.keep);
    if (typeof lab === 'string') return refuse(lab, process);
    try {
      request.print(`${line('Hosts', `${lab.hosts.map(({ name, address }) => `${name} ${address}`).join(', ')}: throwaway (${lab.persona}), ${((Date.now() - begun) / 1000).toFixed(1)} s`)}\n`);
      const extraVars = new Map([...request.extraVars, ...wayToLab(lab, names, usesBecome(loaded.playbooks) || request.settings.become.become ? 'admin' : 'root')]);
      return await trial({ ...sources, extraVars }, options);
    } finally {
      if (options.keep) request.print(`${line('Hosts', 'kept: rollcall lab list, rollcall lab exec HOST, rollcall lab down')}\n`);
      else await lab.down();
    }
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** The three runs, each told of when it has ended. */
async function trial(request: RunRequest, options: TryOptions): Promise<number> {
  const pass = async (check: boolean): Promise<Pass> => {
    const events: Event[] = [];
    const reporter: RunRequest['reporter'] = async () => {
      const shown = options.quiet ? undefined : await request.reporter();
      return {
        handle(event) {
          events.push(event);
          shown?.handle(event);
        },
        end: () => shown?.end() ?? Promise.resolve(),
      };
    };
    return { code: await runPlaybooks({ ...request, reporter, settings: { ...request.settings, check } }), events };
  };
  const say = (lines: readonly string[]): void => request.print(lines.map((each) => `${each}\n`).join(''));
  const check = await pass(true);
  say(checkLines(check));
  if (request.signal.aborted) return check.code;
  const run = await pass(false);
  say(runLines(check, run));
  if (run.code !== 0) return run.code;
  const again = await pass(false);
  say(againLines(again));
  return trialCode(check, run, again);
}

/** Variables that win over all others and lead to the throwaway hosts, whatever the inventory says; this machine stays itself. */
function wayToLab(lab: Throwaway, names: ReadonlyMap<string, string>, user: string): ReadonlyMap<string, Tree> {
  const addresses = Object.fromEntries([...names].map(([host, name]) => [host, lab.hosts.find((each) => each.name === name)?.address ?? '']));
  const vars = {
    rollcall_try: addresses,
    ansible_host: '{{ rollcall_try[inventory_hostname] | default(inventory_hostname) }}',
    ansible_connection: "{{ 'ssh' if inventory_hostname in rollcall_try else 'local' }}",
    ansible_port: 22,
    ansible_user: user,
    ansible_become_password: 'admin',
    ansible_ssh_private_key_file: lab.identityFile,
    ansible_ssh_known_hosts_file: lab.knownHosts,
    ansible_ssh_config_file: 'none',
    ansible_ssh_common_args: '',
    ansible_ssh_extra_args: '',
  };
  return parseExtraVars([JSON.stringify(vars)], diskReader()).vars;
}

function refuse(reason: string, process: Process): number {
  process.complain(`rollcall try: ${reason}\n`);
  return EXIT_BAD_INPUT;
}
