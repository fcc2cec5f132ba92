import { createCipheriv, createDecipheriv, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual } from 'node:crypto';

/** A vault password with the label it was given under (`default` for none). */
export interface VaultSecret {
  readonly id: string;
  readonly password: Buffer;
  /** Tried with vaults of its own label only (`vault_id_match`). */
  readonly strict?: boolean;
}

/** Why something cannot be decrypted. The message never holds any of the content. */
export type VaultErrorKind = 'not-a-vault' | 'damaged' | 'no-password' | 'wrong-password';

/** A vault that cannot be opened. */
export class VaultError extends Error {
  override readonly name = 'VaultError';
  readonly kind: VaultErrorKind;
  constructor(kind: VaultErrorKind, message: string) {
    super(message);
    this.kind = kind;
  }
}

const HEADER = /^\$ANSIBLE_VAULT;/;
const LINE_WIDTH = 80;
const SALT_BYTES = 32;
/** Fixed by the format, as are the lengths of keys and counter. */
const ITERATIONS = 10_000;
const BLOCK = 16;

/** Whether a text is an Ansible vault, judging by its first line. */
export function isVault(text: string): boolean {
  return HEADER.test(text);
}

/** Label of a vault (1.2), or undefined for one without (1.1). */
export function vaultId(text: string): string | undefined {
  return readEnvelope(text).id;
}

/** Decrypts an Ansible vault 1.1 or 1.2. @throws VaultError */
export function decryptVault(text: string, secrets: readonly VaultSecret[]): Buffer {
  return openVault(text, secrets).content;
}

/** Decrypts a vault and tells which password fitted. Those with the vault's label are tried first, then all others. @throws VaultError */
export function openVault(text: string, secrets: readonly VaultSecret[]): { content: Buffer; secret: VaultSecret } {
  const envelope = readEnvelope(text);
  if (secrets.length === 0) throw new VaultError('no-password', 'it is encrypted and there is no vault password');
  const fitting = secrets.filter((secret) => secret.id === (envelope.id ?? 'default'));
  for (const secret of [...fitting, ...secrets.filter((each) => !fitting.includes(each) && each.strict !== true)]) {
    const content = open(envelope, secret.password);
    if (content) return { content, secret };
  }
  const label = envelope.id === undefined ? '' : ` (it is labelled '${envelope.id}', given: ${secrets.map((each) => each.id).join(', ')})`;
  throw new VaultError('wrong-password', `no vault password fits${label}`);
}

/** Encrypts bytes as an Ansible vault: 1.2 when it gets a label other than `default`, else 1.1. Ends with a line break. */
export function encryptVault(bytes: Uint8Array, secret: VaultSecret, id?: string, salt: Buffer = randomBytes(SALT_BYTES)): string {
  const { cipherKey, macKey, counter } = deriveKeys(secret.password, salt);
  const padding = BLOCK - (bytes.length % BLOCK);
  const padded = Buffer.concat([bytes, Buffer.alloc(padding, padding)]);
  const cipher = createCipheriv('aes-256-ctr', cipherKey, counter);
  const ciphertext = Buffer.concat([cipher.update(padded), cipher.final()]);
  const mac = createHmac('sha256', macKey).update(ciphertext).digest();
  const body = Buffer.from([salt, mac, ciphertext].map((part) => part.toString('hex')).join('\n')).toString('hex');
  const header = id === undefined || id === 'default' ? '$ANSIBLE_VAULT;1.1;AES256' : `$ANSIBLE_VAULT;1.2;AES256;${id}`;
  return `${[header, ...(body.match(new RegExp(`.{1,${LINE_WIDTH}}`, 'g')) ?? [])].join('\n')}\n`;
}

interface Envelope {
  readonly id: string | undefined;
  readonly salt: Buffer;
  readonly mac: Buffer;
  readonly ciphertext: Buffer;
}

function readEnvelope(text: string): Envelope {
  const [header = '', ...lines] = text.split(/\r?\n/);
  if (!HEADER.test(header)) throw new VaultError('not-a-vault', 'it does not begin with $ANSIBLE_VAULT');
  const [, version = '', cipher = '', id] = header.trim().split(';');
  if (version !== '1.1' && version !== '1.2') throw new VaultError('not-a-vault', `vaults of version '${version}' are not known (1.1 and 1.2 are)`);
  if (cipher !== 'AES256') throw new VaultError('not-a-vault', `the cipher '${cipher}' is not known (AES256 is)`);
  const inner = fromHex(lines.map((line) => line.trim()).join('')).toString('latin1');
  const [salt, mac, ciphertext, ...rest] = inner.split('\n').map(fromHex);
  if (!salt || !mac || !ciphertext || rest.length > 0 || mac.length !== 32) throw damaged();
  return { id: version === '1.2' ? id : undefined, salt, mac, ciphertext };
}

function fromHex(text: string): Buffer {
  if (text.length === 0 || text.length % 2 !== 0 || !/^[0-9a-fA-F]+$/.test(text)) throw damaged();
  return Buffer.from(text, 'hex');
}

function damaged(): VaultError {
  return new VaultError('damaged', 'the vault is damaged: a part is missing or is no hexadecimal text');
}

/** The content, or undefined when the password is another one (or the content was tampered with: the two look the same). */
function open({ salt, mac, ciphertext }: Envelope, password: Buffer): Buffer | undefined {
  const { cipherKey, macKey, counter } = deriveKeys(password, salt);
  const expected = createHmac('sha256', macKey).update(ciphertext).digest();
  if (!timingSafeEqual(expected, mac)) return undefined;
  const decipher = createDecipheriv('aes-256-ctr', cipherKey, counter);
  const padded = Buffer.concat([decipher.update(ciphertext), decipher.final()]);
  const padding = padded.at(-1) ?? 0;
  if (padding < 1 || padding > BLOCK || padding > padded.length) throw damaged();
  return padded.subarray(0, padded.length - padding);
}

interface Keys {
  readonly cipherKey: Buffer;
  readonly macKey: Buffer;
  readonly counter: Buffer;
}

/** Deriving takes some 10 ms: a value decrypted on every use must not cost that again. */
const derived = new Map<string, Keys>();

function deriveKeys(password: Buffer, salt: Buffer): Keys {
  const key = `${salt.toString('hex')} ${password.toString('hex')}`;
  let keys = derived.get(key);
  if (!keys) {
    const bytes = pbkdf2Sync(password, salt, ITERATIONS, 32 + 32 + BLOCK, 'sha256');
    keys = { cipherKey: bytes.subarray(0, 32), macKey: bytes.subarray(32, 64), counter: bytes.subarray(64) };
    derived.set(key, keys);
  }
  return keys;
}
