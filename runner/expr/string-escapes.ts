import { own } from '../util/own.ts';
const SIMPLE: Readonly<Record<string, string>> = {
  '\n': '', '\\': '\\', "'": "'", '"': '"', a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v',
};
const ESCAPE = /\\(?:([0-7]{1,3})|x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([xuUN])|([^])|$)/gu;

/** Decodes a Python string literal's content; undefined when an escape is incomplete. Unknown escapes stay as they are. */
export function unescapeString(content: string): string | undefined {
  let valid = true;
  const decoded = content.replace(ESCAPE, (whole: string, octal?: string, x?: string, u?: string, long?: string, broken?: string, other?: string): string => {
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
    const hex = x ?? u ?? long;
    if (hex !== undefined) {
      const code = Number.parseInt(hex, 16);
      if (code <= 0x10ffff) return String.fromCodePoint(code);
      valid = false;
    }
    if (broken !== undefined || other === undefined) valid = false;
    return (other === undefined ? undefined : own(SIMPLE, other)) ?? whole;
  });
  return valid ? decoded : undefined;
}
