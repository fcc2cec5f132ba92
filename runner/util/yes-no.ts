/** Ansible's words for yes, in small letters. */
export const YES: ReadonlySet<string> = new Set(['yes', 'on', 'true', 't', 'y', '1', '1.0']);

/** Ansible's words for no, in small letters. */
export const NO: ReadonlySet<string> = new Set(['no', 'off', 'false', 'f', 'n', '0', '0.0']);

/** A word as yes or no, however it is written; undefined when it is neither. */
export function yesOrNo(word: string): boolean | undefined {
  const plain = word.trim().toLowerCase();
  if (YES.has(plain)) return true;
  return NO.has(plain) ? false : undefined;
}
