import { own } from './own.ts';
const BITS: Readonly<Record<string, number>> = { r: 4, w: 2, x: 1 };
const SHIFT: Readonly<Record<string, number>> = { u: 6, g: 3, o: 0 };

/** True for a symbolic mode such as `u=rw,g-w,o+X`. */
export function isSymbolicMode(mode: string): boolean {
  return /^([ugoa]*([-+=]([rwxXst]*|[ugo]))+)(,[ugoa]*([-+=]([rwxXst]*|[ugo]))+)*$/.test(mode);
}

/** Applies a symbolic mode to an octal one, as `chmod` with umask 0 does. Four octal digits. */
export function applyMode(symbolic: string, octal: string, directory: boolean): string {
  let mode = Number.parseInt(octal, 8);
  const original = mode;
  for (const clause of symbolic.split(',')) {
    const [, who = '', actions = ''] = /^([ugoa]*)(.*)$/.exec(clause) ?? [];
    const whom = who === '' || who.includes('a') ? ['u', 'g', 'o'] : [...new Set(who)];
    for (const [, operator = '', perms = ''] of actions.matchAll(/([-+=])([rwxXstugo]*)/g)) {
      mode = applyAction(mode, original, whom, operator, perms, directory);
    }
  }
  return mode.toString(8).padStart(4, '0');
}

function applyAction(start: number, original: number, whom: readonly string[], operator: string, perms: string, directory: boolean): number {
  let set = 0;
  let clear = 0;
  for (const one of whom) {
    const shift = own(SHIFT, one) ?? 0;
    let bits = 0;
    for (const perm of perms) {
      if (perm in BITS) bits |= (own(BITS, perm) ?? 0) << shift;
      else if (perm === 'X') bits |= directory || (original & 0o111) !== 0 ? 1 << shift : 0;
      else if (perm === 's') bits |= one === 'u' ? 0o4000 : one === 'g' ? 0o2000 : 0;
      else if (perm === 't') bits |= 0o1000;
      else bits |= ((start >> (own(SHIFT, perm) ?? 0)) & 7) << shift;
    }
    set |= bits;
    clear |= (7 << shift) | (one === 'u' ? 0o4000 : one === 'g' ? 0o2000 : 0);
  }
  if (operator === '+') return start | set;
  if (operator === '-') return start & ~set;
  return (start & ~clear) | set;
}
