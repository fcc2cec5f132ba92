import { z } from 'zod';
import { change, type Change, type Step } from '../../runner/task/change.ts';
import { sh, type Command } from '../../runner/task/command.ts';
import { defineTask } from '../../runner/task/define.ts';
import { TaskFailure } from '../../runner/task/failure.ts';
import { Text, Whole, Word, params } from '../../runner/task/params.ts';
import { serviceName, type Clustat, type ClusterService } from '../parse/clustat.ts';
import { parseClusvcadm } from '../parse/clusvcadm.ts';
import { lookClustat } from './look-cluster.ts';
import { hint } from './name-list.ts';

const fields = params({
  name: Word.describe('Name of the service; with its kind (`vm:web`) for others than service.'),
  state: z
    .enum(['started', 'enabled', 'disabled', 'stopped', 'relocated', 'restarted'])
    .default('started')
    .describe('started and enabled are the same; relocated needs member; restarted acts each time.'),
  member: Text.optional().describe('Node to start on or to move to, by its exact name.'),
  timeout: Whole.default(300).describe('Seconds the action may take.'),
});
type Params = z.output<typeof fields>;

const MOVING = ['starting', 'stopping', 'recovering', 'checking', 'migrating', 'uninitialized'];

/** A service of rgmanager. */
export default defineTask<Params, Clustat | undefined>({
  name: 'cluster_service',
  summary: 'Where and whether a service of rgmanager runs: start, stop, move.',
  description: `Run it once, on one node (\`run_once: true\`). The member is checked against the membership first: clusvcadm takes the closest name for a
mistyped one and moves the service there. A failed service is disabled and enabled again, a frozen one is not touched, and a relocation
that ends on another node is a failure although clusvcadm exits with 0.`,
  examples: `- name: The address moves to the second node
  cluster_service: { name: IP, state: relocated, member: n2 }
  run_once: true
`,
  params: fields,
  volatile: true,
  settleWithin: 30,
  probe: (_, host) => lookClustat(host),
  plan: planService,
  async apply({ steps }, host, { name, member, state }) {
    for (const step of steps) {
      if ('wait' in step) await host.wait(step.wait);
      if (!('run' in step)) continue;
      const output = await host.run(step.run, { ok: 'any', stream: true });
      const { ok, reason, runsOn } = parseClusvcadm(output);
      const detail = { rc: output.code, stdout: output.stdout, stderr: output.stderr };
      if (!ok) throw new TaskFailure(`${step.run.shown}: ${reason}`, detail);
      if (state === 'relocated' && member !== undefined && runsOn !== undefined && runsOn !== member)
        throw new TaskFailure(`service '${name}' was to move to ${member}, but runs on ${runsOn} now (see rgmanager's log on ${member})`, detail);
    }
  },
  result({ name }, clustat) {
    const service = clustat && find(clustat, name);
    return { name, state: service?.state ?? null, owner: service?.owner ?? null, last_owner: service?.lastOwner ?? null };
  },
});

function find({ services }: Clustat, name: string): ClusterService | undefined {
  return services.find(({ id }) => id === name || serviceName(id) === name);
}

function planService({ name, state, member, timeout }: Params, clustat: Clustat | undefined): readonly Change[] {
  if (clustat === undefined) throw new TaskFailure('the cluster does not run on this node (clustat cannot reach cman)');
  if (state === 'relocated' && member === undefined) throw new TaskFailure("'relocated' needs 'member'");
  if (member !== undefined) checkMember(clustat, member);
  const service = find(clustat, name);
  if (service === undefined) {
    const known = clustat.services.map(({ id }) => serviceName(id));
    throw new TaskFailure(
      known.length === 0
        ? `no services are known: rgmanager does not answer on this node, or cluster.conf has none (looking for '${name}')`
        : `the cluster has no service '${name}'${hint(name, known)}`,
    );
  }
  const step = stepsFor(service, state, member);
  if (step === undefined) return [];
  if (service.frozen) throw new TaskFailure(`service '${name}' is frozen: 'clusvcadm -U ${name}' first`);
  const before = service.owner === null ? service.state : `${service.state} on ${service.owner}`;
  const ready: Step[] = MOVING.includes(service.state)
    ? [
        {
          wait: {
            until: sh`clustat -x | grep ${`"${service.id}"`} | grep -qv -e ${`state_str="\\(${MOVING.join('\\|')}\\)"`}`,
            description: `'${name}' to come to rest (it is ${service.state})`,
            timeout,
            interval: 2,
          },
        },
      ]
    : [];
  return [
    change('service', before, step.after, [...ready, ...step.commands.map((run): Step => ({ run: run.with({ timeout }) }))], {
      ...(step.risk && { risk: 'restart' as const }),
      ...(step.repeats && { repeats: true as const }),
    }),
  ];
}

interface Action {
  readonly after: string;
  readonly commands: readonly Command[];
  readonly risk?: boolean;
  readonly repeats?: boolean;
}

function stepsFor({ id, state: now, owner }: ClusterService, state: Params['state'], member: string | undefined): Action | undefined {
  const name = serviceName(id);
  const on = member === undefined ? [] : ['-m', member];
  const running = now === 'started';
  // rgmanager refuses everything but "disable" for a failed service.
  const clear = now === 'failed' ? [sh`clusvcadm -d ${name}`] : [];
  const start = { after: member === undefined ? 'started' : `started on ${member}`, commands: [...clear, sh`clusvcadm ${['-e', name, ...on]}`] };
  switch (state) {
    case 'started':
    case 'enabled':
      return running ? undefined : now === 'starting' ? { after: 'started', commands: [] } : start;
    case 'restarted':
      return running ? { after: 'restarted', commands: [sh`clusvcadm -R ${name}`], risk: true, repeats: true } : start;
    case 'disabled':
      return now === 'disabled' ? undefined : { after: 'disabled', commands: [sh`clusvcadm -d ${name}`], risk: true };
    case 'stopped':
      return now === 'stopped' || now === 'disabled'
        ? undefined
        : now === 'failed'
          ? { after: 'disabled', commands: clear }
          : { after: 'stopped', commands: [sh`clusvcadm -s ${name}`], risk: true };
    case 'relocated':
      if (running) return owner === member ? undefined : { after: `started on ${member}`, commands: [sh`clusvcadm ${['-r', name, ...on]}`], risk: true };
      if (now === 'disabled') throw new TaskFailure(`service '${name}' is disabled: it can be started on ${member} ('state: started'), not relocated`);
      return start;
  }
}

function checkMember({ members }: Clustat, member: string): void {
  const found = members.find(({ name }) => name === member);
  if (found === undefined)
    throw new TaskFailure(
      `'${member}' is no member of the cluster${hint(
        member,
        members.map(({ name }) => name),
      )}`,
    );
  if (!found.online) throw new TaskFailure(`member '${member}' is offline`);
  if (!found.rgmanager) throw new TaskFailure(`member '${member}' does not run rgmanager: no service can start there`);
}
