import type { Contender } from './contenders.ts';
import { factor, median, ratio, seconds } from './numbers.ts';
import { table } from './results.ts';
import type { BenchHosts } from './hosts.ts';
import { measure, type Measured } from './measure.ts';

/** The three runs of a contender: from nothing, again, and with --check. */
export type Stage = 'apply' | 'converged' | 'check';

const STAGES: readonly Stage[] = ['apply', 'converged', 'check'];

/** Figures by stage and contender, one for each round. */
export type Times = Readonly<Record<Stage, ReadonlyMap<string, readonly number[]>>>;

/** What a tournament came to: wall times in seconds, and processes made for each host, all sides together. */
export interface Standings {
  readonly times: Times;
  readonly processes: Times;
}

/** Lets contenders take turns on the same hosts for some rounds; every run is verified on every host. */
export async function tournament(hosts: BenchHosts, contenders: readonly Contender[], count: number, rounds: number): Promise<Standings> {
  const empty = (): Record<Stage, Map<string, number[]>> => ({ apply: new Map(), converged: new Map(), check: new Map() });
  const [times, processes] = [empty(), empty()];
  const note = (figures: Map<string, number[]>, label: string, value: number): void => void figures.set(label, [...(figures.get(label) ?? []), value]);
  const names = hosts.some(count);
  let wanted: readonly string[] | undefined;
  const verify = async (who: string): Promise<void> => {
    const state = await hosts.state(names);
    wanted ??= state;
    const wrong = names.filter((_, index) => state[index] !== wanted?.[index]);
    if (wrong.length > 0) throw new Error(`${who} left another state on ${wrong.join(', ')}`);
  };
  for (let round = 0; round < rounds; round++) {
    // Another one begins each time: nobody always runs after the same neighbour.
    const order = contenders.map((_, index) => contenders[(index + round) % contenders.length]).filter((each) => each !== undefined);
    for (const contender of order) {
      await hosts.reset(names);
      for (const stage of STAGES) {
        const command = contender.command(count, stage === 'check' ? 'check' : 'apply');
        if (!command) continue;
        const run = await measure(command.argv, command);
        if (run.code !== 0) throw new Error(`${contender.label}, ${stage}: exit code ${run.code}\n${tail(run)}`);
        await verify(`${contender.label}, ${stage},`);
        note(times[stage], contender.label, run.wall);
        note(processes[stage], contender.label, run.processes / count);
        console.log(`${count} hosts, round ${round + 1}: ${contender.label}, ${stage}: ${run.wall.toFixed(2)} s, ${Math.round(run.processes / count)} processes for each host`);
      }
    }
  }
  return { times, processes };
}

/** A table of contenders, each with how many times slower than Rollcall it was; `pairs`: what a row begins with, and its figures. */
export function slowerTable(heads: readonly string[], pairs: readonly (readonly [readonly string[], Times])[]): string {
  const labels = [...(pairs[0]?.[1].converged.keys() ?? [])];
  const cell = (times: Times, stage: Stage, label: string): string => {
    const [values, own] = [times[stage].get(label), times[stage].get('Rollcall') ?? []];
    return values === undefined || label === 'Rollcall' ? seconds(median(values ?? [])) : `${seconds(median(values))} (${factor(ratio(values, own))}×)`;
  };
  const rows = pairs.flatMap(([begin, times]) => STAGES.map((stage) => [...begin, stage === 'check' ? '--check' : stage, ...labels.map((label) => cell(times, stage, label))]));
  return table([...heads, 'run', ...labels], rows);
}

function tail({ stdout, stderr }: Measured): string {
  return `${stdout.slice(-1500)}\n${stderr.slice(-1500)}`;
}
