import { randomInt } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { ExpressionError } from '../errors.ts';
import { Mersenne } from '../mersenne.ts';
import { cryptPassword } from '../password-hash.ts';
import type { Lookup } from '../scope.ts';
import { toText } from '../text.ts';
import { isList, type Value } from '../value.ts';
import { searchFolders } from './search-path.ts';
import { keyValues } from './key-values.ts';
import { own } from '../../util/own.ts';

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';
const SETS: Readonly<Record<string, string>> = {
  ascii_letters: LETTERS + LETTERS.toUpperCase(), ascii_lowercase: LETTERS, ascii_uppercase: LETTERS.toUpperCase(), digits: '0123456789',
  hexdigits: '0123456789abcdefABCDEF', octdigits: '01234567', punctuation: '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~',
};

function characterSet(given: Value | undefined): string {
  const sets = given === undefined ? ['ascii_letters', 'digits', '.,:-_'] : isList(given) ? given.map((each) => toText(each)) : toText(given).replaceAll(',,', ',\0').split(',').map((each) => each.replace('\0', ','));
  return sets.map((each) => own(SETS, each) ?? each).join('').replace(/["']/g, '');
}

/** With a seed the same password each time, and the same as Ansible's. */
function draw(length: number, from: string, seed?: Value): string {
  if (from === '') throw new ExpressionError('the password lookup has no characters to choose from');
  const seeded = seed === undefined || seed === null ? undefined : new Mersenne(seed);
  return Array.from({ length }, () => from[seeded ? seeded.below(from.length) : randomInt(from.length)]).join('');
}

/** What a password file holds: `password` or `password salt=…`. */
function parse(content: string): { readonly password: string; readonly salt: string | undefined } {
  const [, password = '', salt] = /^([^]*?)(?: salt=(\S+))?(?: ident=\S+)?$/.exec(content.trimEnd()) ?? [];
  return { password, salt };
}

/** A password kept in a file of the controller, drawn on first use. */
export function passwordLookup(basedir: string | undefined): Lookup {
  return (terms, options, context) => terms.map((term) => {
    const { words, named } = keyValues(toText(term));
    const option = (name: string): Value | undefined => named.get(name) ?? options.get(name);
    const [folder = '.'] = searchFolders(context, basedir);
    const path = words.join(' ').startsWith('/') ? words.join(' ') : resolve(folder, words.join(' '));
    const method = option('encrypt');
    const length = Number(toText(option('length') ?? 20));
    const known = path !== '/dev/null' && existsSync(path) ? parse(readFileSync(path, 'utf8')) : undefined;
    const password = known?.password ?? draw(length, characterSet(option('chars')), option('seed'));
    const needsSalt = method !== undefined && method !== null;
    const salt = known?.salt ?? (needsSalt ? draw(toText(method).startsWith('md5') ? 8 : 16, `${SETS['ascii_letters']}0123456789./`) : undefined);
    if (path !== '/dev/null' && (!known || (needsSalt && known.salt === undefined))) write(path, salt === undefined ? password : `${password} salt=${salt}`);
    return needsSalt ? cryptPassword(password, toText(method), { salt }) : password;
  });
}

function write(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const file = openSync(path, 'w', 0o600);
  try {
    writeSync(file, `${content}\n`);
  } finally {
    closeSync(file);
  }
}
