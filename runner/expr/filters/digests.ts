import { createHash, getHashes } from 'node:crypto';
import { decryptVault, encryptVault, isVault, VaultError } from '../../vault/vault.ts';
import { own } from '../../util/own.ts';
import { asInt, asString, asText } from '../arguments.ts';
import { define, type Entry } from '../define.ts';
import { ExpressionError } from '../errors.ts';
import { cryptPassword } from '../password-hash.ts';
import { toText, typeName } from '../text.ts';
import type { Value } from '../value.ts';

/** Python's names of digests where Node has others. */
const NAMES: Readonly<Record<string, string>> = {
  sha3_224: 'sha3-224', sha3_256: 'sha3-256', sha3_384: 'sha3-384', sha3_512: 'sha3-512', blake2b: 'blake2b512', blake2s: 'blake2s256',
};

function digest(value: Value, name: string): string {
  const algorithm = own(NAMES, name.toLowerCase()) ?? name.toLowerCase();
  if (!getHashes().includes(algorithm)) throw new ExpressionError(`unsupported hash type ${name}`);
  return createHash(algorithm).update(toText(value)).digest('hex');
}

/** Python's codec names that Node knows under another name, or not at all. */
function encoding(name: string): BufferEncoding {
  const plain = name.toLowerCase().replaceAll('_', '-');
  const known: Readonly<Record<string, BufferEncoding>> = { 'utf-8': 'utf8', utf8: 'utf8', ascii: 'ascii', 'latin-1': 'latin1', latin1: 'latin1', 'iso-8859-1': 'latin1', 'utf-16-le': 'utf16le', 'utf-16le': 'utf16le' };
  const found = own(known, plain);
  if (found === undefined) throw new ExpressionError(`unknown encoding: ${name}`);
  return found;
}

function decode64(value: Value, codec: string): string {
  const text = toText(value).replace(/[^A-Za-z0-9+/=]/g, '');
  const body = text.replace(/=.*$/, '');
  if (body.length % 4 === 1) throw new ExpressionError(`Invalid base64-encoded string: number of data characters (${body.length}) cannot be 1 more than a multiple of 4`);
  if ((4 - (body.length % 4)) % 4 > text.length - body.length) throw new ExpressionError('Incorrect padding');
  return Buffer.from(body, 'base64').toString(encoding(codec));
}

const UUID_NAMESPACE = '361E6D51-FAEC-444A-9079-341386DA8E2E';

/** A name-based (version 5) UUID. */
function uuid(name: string, namespace: string): string {
  const hex = namespace.replace(/^urn:uuid:|[{}-]/gi, '');
  if (!/^[\da-f]{32}$/i.test(hex)) throw new ExpressionError(`Invalid value '${namespace}' for 'namespace': badly formed hexadecimal UUID string`);
  const bytes = createHash('sha1').update(Buffer.from(hex, 'hex')).update(name).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

function opening<T>(act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (error instanceof VaultError) throw new ExpressionError(error.message);
    throw error;
  }
}

const optional = (value: Value | undefined): string | undefined => (value === undefined || value === null ? undefined : toText(value));
const optionalInt = (value: Value | undefined): number | undefined => (value === undefined || value === null ? undefined : asInt(value, 0));

/** Filters that hash, encode and encrypt. */
export const DIGEST_FILTERS: readonly Entry[] = [
  ...define('hash', 'hashtype?', (value, [name]) => digest(value, asText(name, 'sha1'))),
  ...define('md5', '', (value) => digest(value, 'md5')),
  ...define('sha1 checksum', '', (value) => digest(value, 'sha1')),
  ...define('b64encode', 'encoding?', (value, [codec]) => Buffer.from(toText(value), encoding(asText(codec, 'utf-8'))).toString('base64')),
  ...define('b64decode', 'encoding?', (value, [codec]) => decode64(value, asText(codec, 'utf-8'))),
  ...define('to_uuid', 'namespace?', (value, [namespace]) => uuid(toText(value), asText(namespace, UUID_NAMESPACE))),
  ...define('password_hash', 'hashtype? salt? salt_size? rounds? ident?', (value, [type, salt, size, rounds, ident]) => {
    if (typeof value !== 'string' && typeof value !== 'number') throw new ExpressionError(`secret must be unicode or bytes, not ${typeName(value)}`);
    return cryptPassword(toText(value), asText(type, 'sha512'), { salt: optional(salt), saltSize: optionalInt(size), rounds: optionalInt(rounds), ident: optional(ident) });
  }),
  ...define('vault', 'secret salt? vault_id? wrap_object? vaultid?', (value, [secret, salt, id, , legacyId]) => {
    const label = optional(id) ?? optional(legacyId) ?? 'filter_default';
    const salted = optional(salt);
    const key = { id: label, password: Buffer.from(asText(secret)) };
    const labelled = label === 'filter_default' ? undefined : label;
    return opening(() => encryptVault(Buffer.from(toText(value)), key, labelled, ...(salted === undefined ? [] : [Buffer.from(salted)])));
  }),
  ...define('unvault', 'secret vault_id? vaultid?', (value, [secret, id]) => {
    const text = asString(value);
    if (!isVault(text)) return text;
    return opening(() => decryptVault(text, [{ id: optional(id) ?? 'filter_default', password: Buffer.from(asText(secret)) }]).toString('utf8'));
  }),
];
