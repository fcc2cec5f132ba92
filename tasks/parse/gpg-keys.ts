/** Fingerprints of the keys and subkeys that `gpg --with-colons` lists, one list for each key, the key's own first. */
export function parseGpgKeys(text: string): readonly (readonly string[])[] {
  const keys: string[][] = [];
  for (const line of text.split('\n')) {
    const fields = line.split(':');
    if (fields[0] === 'pub') keys.push([]);
    else if (fields[0] === 'fpr' && fields[9] !== undefined) keys.at(-1)?.push(fields[9].toUpperCase());
  }
  return keys.filter((key) => key.length > 0);
}

/** True when an id (its last 8 or 16 digits, or all of a fingerprint) names one of the keys. */
export function holdsKey(keys: readonly (readonly string[])[], id: string): boolean {
  const wanted = id.replace(/^0x/i, '').replace(/\s/g, '').toUpperCase();
  return keys.some((key) => key.some((fingerprint) => fingerprint.endsWith(wanted)));
}
