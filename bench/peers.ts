/** 20 tasks on 1, 5, 10 and 50 hosts: a script over ssh, Rollcall, Ansible as it comes, tuned, and with mitogen. */
import { existsSync } from 'node:fs';
import { ansibleContender, rollcallContender, scriptContender } from './common/contenders.ts';
import { benchHosts } from './common/hosts.ts';
import { factor, median, ratio, seconds } from './common/numbers.ts';
import { benchOptions } from './common/options.ts';
import { table, writeResults } from './common/results.ts';
import { type Stage, type Standings, type Times, tournament } from './common/tournament.ts';

/** Hosts for the contenders that take tens of seconds. */
const SLOW_AT = 10;

const options = benchOptions();
const sizes = options.hosts ?? (options.quick ? [10] : [1, 5, 10, 50]);
const hosts = await benchHosts(Math.max(...sizes, options.alone ? 1 : SLOW_AT));
try {
  const way = { sshConfig: hosts.lab.sshConfig };
  const fast = [
    scriptContender(hosts, way, 'script (S)'),
    scriptContender(hosts, way, 'script, curve25519 (C)', '-o KexAlgorithms=curve25519-sha256'),
    rollcallContender(hosts, way, options.program),
  ];
  const results: [number, Standings][] = [];
  for (const count of sizes) results.push([count, await tournament(hosts, fast, count, options.rounds ?? (count >= 50 ? 2 : 3))]);
  const own = table(['hosts', 'run', 'script (S)', 'with curve25519 (C)', 'Rollcall', 'Rollcall / S', 'Rollcall / C', 'processes for each host: script', 'Rollcall'], results.flatMap(([count, standings]) => rows(count, standings)));
  if (options.quick) console.log(`\n${own}`);
  else writeResults('peers', 'The same work by a script: 20 tasks', own);
  const slow = options.alone ? undefined : (await tournament(hosts, [...fast, ...ansibles()], SLOW_AT, 1, ['apply', 'converged'])).times;
  if (slow) {
    const others = `${SLOW_AT} hosts (as many times slower than Rollcall):\n\n${table(['run', ...slow.converged.keys()], (['apply', 'converged'] as const).map((stage) => [stage, ...peers(slow, stage)]))}`;
    if (options.quick) console.log(`\n${others}`);
    else writeResults('ansible', 'The same work by Ansible', others);
  }

  function ansibles(): ReturnType<typeof ansibleContender>[] {
    const mitogen = existsSync('/usr/lib/python3/dist-packages/ansible_mitogen');
    return (options.quick ? ['tuned' as const] : (['default', 'tuned', ...(mitogen ? ['mitogen' as const] : [])] as const)).map((kind) => ansibleContender(hosts, way, kind));
  }
} finally {
  await hosts.close();
}

function rows(count: number, { times, processes }: Standings): string[][] {
  return (['apply', 'converged', 'check'] as const).map((stage) => {
    // Nobody but Rollcall can check: it is held against the script's converged run.
    const other = stage === 'check' ? 'converged' : stage;
    const against = times[other];
    const [script = [], cheap = []] = [against.get('script (S)'), against.get('script, curve25519 (C)')];
    const own = times[stage].get('Rollcall') ?? [];
    return [String(count), stage === 'check' ? '--check' : stage, seconds(median(script)), seconds(median(cheap)), seconds(median(own)), factor(ratio(own, script)), factor(ratio(own, cheap)), ...[processes[other].get('script (S)'), processes[stage].get('Rollcall')].map((made = []) => String(Math.round(median(made))))];
  });
}

function peers(times: Times, stage: Stage): string[] {
  const own = times[stage].get('Rollcall') ?? [];
  return [...times[stage]].map(([label, values]) => (label === 'Rollcall' ? seconds(median(values)) : `${seconds(median(values))} (${factor(ratio(values, own))}×)`));
}
