import { randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import type * as Bcrypt from 'bcryptjs';
import { ExpressionError } from './errors.ts';

const DEFAULT_ROUNDS = 12;

/** A password hashed with bcrypt; `rounds` is the logarithm of what it costs. A salt is drawn when none is given. */
export function bcryptPassword(password: string, given: { readonly salt?: string | undefined; readonly rounds?: number | undefined; readonly ident?: string | undefined }): string {
  const { salt, rounds = DEFAULT_ROUNDS, ident = '2b' } = given;
  if (!/^2[aby]$/.test(ident)) throw new ExpressionError(`bcrypt knows the idents 2a, 2b and 2y, not '${ident}'`);
  if (rounds < 4 || rounds > 31) throw new ExpressionError(`rounds of bcrypt must be between 4 and 31, not ${rounds}`);
  if (salt !== undefined && !/^[./0-9A-Za-z]{22}$/.test(salt)) throw new ExpressionError('a salt of bcrypt has 22 letters, digits, dots and slashes');
  // Few runs hash anything with it: it is loaded when the first one does.
  const bcrypt = createRequire(import.meta.url)('bcryptjs') as typeof Bcrypt;
  const drawn = salt ?? bcrypt.encodeBase64(randomBytes(16), 16);
  return bcrypt.hashSync(password, `$${ident}$${String(rounds).padStart(2, '0')}$${drawn}`);
}
