/** How each byte is written inside a single-quoted printf format, in every shell and through a terminal. */
const TEXT = Array.from({ length: 256 }, (_none, byte) => {
  // Control characters, and 0x7f to 0x88, which some shells use as marks inside their own strings.
  if ((byte < 0x20 && byte !== 0x09 && byte !== 0x0a) || (byte >= 0x7f && byte <= 0x88) || byte === 0x27) return `\\${byte.toString(8).padStart(3, '0')}`;
  if (byte === 0x25) return '%%';
  return byte === 0x5c ? '\\\\' : String.fromCharCode(byte);
});

/**
 * Bytes as one single-quoted word that the builtin `printf` turns back into the same bytes, NULs included. So data reaches a command
 * without a file, without `base64` on the host, and without ever being a word of a process.
 */
export function printfWord(data: Buffer): Buffer {
  // A leading dash would be taken for an option.
  const start = data[0] === 0x2d ? '\\055' : undefined;
  const parts: string[] = start === undefined ? [] : [start];
  for (let index = parts.length; index < data.length; index++) parts.push(TEXT[data[index] ?? 0] ?? '');
  return Buffer.from(`'${parts.join('')}'`, 'latin1');
}

/** The same word for where only text can travel: bytes beyond ASCII as octals. */
export function printfText(data: Buffer): string {
  return printfWord(data).toString('latin1').replaceAll(/[\x80-\xff]/g, (char) => `\\${char.charCodeAt(0).toString(8)}`);
}

/** A script as one single-quoted word. A NUL cannot be part of a script. */
export function scriptWord(script: string): string {
  if (script.includes('\0')) throw new RangeError('a shell script cannot contain a NUL character');
  return `'${script.replaceAll("'", `'\\''`)}'`;
}
