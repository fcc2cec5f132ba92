/**
 * How often every property of the tests is tried, and with which inputs: the same ones each time, so that a run never fails by chance.
 * ROLLCALL_FUZZ_SEED (a number, or `random`) and ROLLCALL_FUZZ_RUNS (tries of each property) search further.
 */
export function runs(usual = 100, { ROLLCALL_FUZZ_SEED: seed, ROLLCALL_FUZZ_RUNS: tries }: NodeJS.ProcessEnv = process.env): { seed: number; numRuns: number } {
  return { seed: seed === 'random' ? Date.now() | 0 : whole('ROLLCALL_FUZZ_SEED', seed, 1), numRuns: whole('ROLLCALL_FUZZ_RUNS', tries, usual) };
}

function whole(name: string, text: string | undefined, usual: number): number {
  if (text === undefined || text === '') return usual;
  if (!/^-?\d{1,9}$/.test(text)) throw new Error(`${name} is '${text}', which is no whole number`);
  return Number(text);
}
