/** The middle value; the mean of the two in the middle of an even number. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[middle] ?? Number.NaN) : ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2;
}

/** The median of ratios of values that were measured in the same rounds: what slowed a round down slowed both. */
export function ratio(values: readonly number[], base: readonly number[]): number {
  const pairs = values.flatMap((value, index) => (base[index] === undefined ? [] : [value / base[index]]));
  return median(pairs);
}

/** `0.42 s` */
export function seconds(value: number | undefined): string {
  if (value === undefined || Number.isNaN(value)) return '–';
  return value < 10 ? `${value.toFixed(2)} s` : `${value.toFixed(1)} s`;
}

/** `0.42` */
export function factor(value: number | undefined): string {
  return value === undefined || Number.isNaN(value) ? '–' : value < 10 ? value.toFixed(2) : value.toFixed(0);
}
