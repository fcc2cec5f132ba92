/** 20 tasks on 5 hosts behind a link of 100 ms round trip, and the round trips that Rollcall made on each. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ansibleContenders, rollcallContender, scriptContender } from './common/contenders.ts';
import { benchHosts, writeIn } from './common/hosts.ts';
import { measure } from './common/measure.ts';
import { factor, median, ratio, seconds } from './common/numbers.ts';
import { benchOptions } from './common/options.ts';
import { table, writeResults } from './common/results.ts';
import { slowLink } from './common/slow-link.ts';
import { slowerTable, tournament } from './common/tournament.ts';

/** Milliseconds there and back. */
const ROUND_TRIP = 100;

const options = benchOptions();
const [count = 5] = options.hosts ?? [];
const hosts = await benchHosts(count, 47);
const links = await Promise.all(hosts.lab.hosts.map(({ address }) => slowLink(address, 22, ROUND_TRIP)));
try {
  const config = hosts.lab.hosts.map(({ name, address }, index) => `Host ${name}\n  HostName 127.0.0.1\n  Port ${links[index]?.port ?? 0}\n  HostKeyAlias ${address}\n`).join('');
  const shared = readFileSync(hosts.lab.sshConfig, 'utf8').split('\n').filter((line) => /^ {2}(?!HostName)/.test(line)).slice(0, 7).join('\n');
  const way = { sshConfig: writeIn(hosts, 'ssh_config', `${config}Host *\n${shared}\n`) };
  const rollcall = rollcallContender(hosts, way, options.program);
  const contenders = [scriptContender(hosts, way, 'script (S)'), scriptContender(hosts, way, 'script, curve25519 (C)', '-o KexAlgorithms=curve25519-sha256'), rollcall];
  const { times } = await tournament(hosts, contenders, count, options.rounds ?? (options.quick ? 2 : 5));
  const trips = await roundTrips();
  const rows = (['apply', 'converged', 'check'] as const).map((stage) => {
    const against = times[stage === 'check' ? 'converged' : stage];
    const [script = [], cheap = [], own = []] = [against.get('script (S)'), against.get('script, curve25519 (C)'), times[stage].get('Rollcall')];
    return [stage === 'check' ? '--check' : stage, seconds(median(script)), seconds(median(cheap)), seconds(median(own)), factor(ratio(own, script)), factor(ratio(own, cheap)), String(trips[stage])];
  });
  const slow = options.alone ? '' : `\n\nWith Ansible, as many times slower than Rollcall:\n\n${slowerTable([], [[[], (await tournament(hosts, [...contenders, ...ansibleContenders(hosts, way, options.quick)], count, 1)).times]])}`;
  const body = `${count} hosts, ${ROUND_TRIP} ms there and back. Round trips: batches of requests to a host that were waited for once its shell was there.\n\n${table(['run', 'script (S)', 'with curve25519 (C)', 'Rollcall', 'Rollcall / S', 'Rollcall / C', 'round trips per host'], rows)}${slow}`;
  if (options.quick) console.log(body);
  else writeResults('wan', 'Far hosts', body);

  /** The most that any host needed, by stage. */
  async function roundTrips(): Promise<Record<'apply' | 'converged' | 'check', number>> {
    await hosts.reset(hosts.names);
    const counted = async (mode: 'apply' | 'check'): Promise<number> => {
      const trace = join(hosts.folder, 'events.jsonl');
      const command = rollcall.command(count, mode);
      await measure([...(command?.argv ?? []), '--output', `json:${trace}`]);
      return Math.max(...[...readFileSync(trace, 'utf8').matchAll(/"roundTrips":(\d+)/g)].map(([, trips]) => Number(trips)));
    };
    return { apply: await counted('apply'), converged: await counted('apply'), check: await counted('check') };
  }
} finally {
  for (const link of links) link.close();
  await hosts.close();
}
