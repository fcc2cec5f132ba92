/** One step of `serial`: a number of hosts, or a share of the play's hosts such as `30%`. */
export type SerialStep = number | string;

/** True for what can be a step of `serial`. */
export function isSerialStep(value: unknown): value is SerialStep {
  if (typeof value === 'number') return Number.isInteger(value);
  return typeof value === 'string' && /^\s*-?\d+(?:\.\d+)?%?\s*$/.test(value);
}

/**
 * Cuts a play's hosts into batches. The last step repeats until no host is left; a share is at least one host;
 * 0 means all that are left.
 */
export function batches(hosts: readonly string[], steps: readonly SerialStep[]): readonly (readonly string[])[] {
  if (steps.length === 0) return [hosts];
  const result: string[][] = [];
  for (let at = 0, index = 0; at < hosts.length; index++) {
    const size = stepSize(steps[Math.min(index, steps.length - 1)] ?? 0, hosts.length) || hosts.length - at;
    result.push(hosts.slice(at, at + size));
    at += size;
  }
  return result;
}

function stepSize(step: SerialStep, total: number): number {
  const text = String(step).trim();
  if (text.endsWith('%')) return Math.max(1, Math.floor((Number.parseFloat(text) / 100) * total));
  return Math.max(0, Math.floor(Number(text)));
}
