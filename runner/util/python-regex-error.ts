/** A Python regular expression that has no JavaScript counterpart, or is none at all. */
export class RegexError extends Error {
  override readonly name = 'RegexError';
  /** Offset in the pattern, from 0. */
  readonly offset: number;
  constructor(message: string, offset: number) {
    super(`${message} at position ${offset}`);
    this.offset = offset;
  }
}
