/** Guards the end of an exhaustive `switch`; reaching it is a bug in this program, never in its input. */
export function assertNever(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`);
}
