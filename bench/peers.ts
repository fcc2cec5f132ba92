/** 20 tasks on 1, 5, 10 and 50 hosts: a script over ssh, Rollcall, Ansible as it comes, tuned, and with mitogen. */
import { ansibleContenders, rollcallContender, scriptContender } from './common/contenders.ts';
import { benchHosts } from './common/hosts.ts';
import { factor, median, ratio, seconds } from './common/numbers.ts';
import { benchOptions } from './common/options.ts';
import { table, writeResults } from './common/results.ts';
import { slowerTable, type Standings, type Times, tournament } from './common/tournament.ts';

const options = benchOptions();
const sizes = options.hosts ?? (options.quick ? [10] : [1, 5, 10, 50]);
const hosts = await benchHosts(Math.max(...sizes));
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
  if (!options.alone) {
    const slow: [readonly string[], Times][] = [];
    // Written with every number of hosts: the last takes half an hour.
    for (const count of sizes) {
      slow.push([[String(count)], (await tournament(hosts, [...fast, ...ansibleContenders(hosts, way, options.quick)], count, 1)).times]);
      const others = `As many times slower than Rollcall:\n\n${slowerTable(['hosts'], slow)}`;
      if (options.quick) console.log(`\n${others}`);
      else writeResults('ansible', 'The same work by Ansible', others);
    }
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
