import { isArray, type Json } from '../util/json.ts';

/** What a secret is shown as. */
export const MASK = '******';

/** Shorter values are never masked: they would blot out half of every text and hide nothing. */
const SHORTEST = 4;

/** Keys that give a result its shape: masking them would turn a failure into something else. */
const SHAPE = new Set(
  'changed failed skipped unreachable ignored rescued msg rc item results stdout stderr stdout_lines stderr_lines diff before after aspect steps risk start end delta cmd'.split(' '),
);

/** Knows the run's secrets and takes them out of everything that is about to be shown or stored (law 8). */
export class Redactor {
  /** First four characters of a form → all forms that begin so. Adding is cheap, and so is a text without secrets. */
  readonly #forms = new Map<string, string[]>();
  readonly #secrets = new Set<string>();

  /** Registers a secret; every later text is masked in all the forms in which it may appear. */
  add(secret: string): void {
    for (const value of [secret, secret.trim(), ...lines(secret)]) {
      if (value.length < SHORTEST || this.#secrets.has(value)) continue;
      this.#secrets.add(value);
      for (const form of formsOf(value)) this.#addForm(form);
    }
  }

  /** The text with every secret replaced by `******`; overlapping secrets are masked as one. */
  mask(text: string): string {
    if (this.#forms.size === 0 || text.length < SHORTEST) return text;
    let out = '';
    let copied = 0;
    let maskedTo = -1;
    for (let at = 0; at + SHORTEST <= text.length; at++) {
      const forms = this.#forms.get(text.slice(at, at + SHORTEST));
      const length = forms?.find((form) => text.startsWith(form, at))?.length;
      if (length === undefined) continue;
      // Matches that touch or overlap the last one lengthen it: no half of a secret may stay.
      if (at > maskedTo) out += text.slice(copied, at) + MASK;
      maskedTo = Math.max(maskedTo, at + length);
      copied = maskedTo;
    }
    return maskedTo < 0 ? text : out + text.slice(copied);
  }

  /** The value with every string in it masked, keys too; a number is masked when it is a whole secret. */
  maskJson(json: Json): Json {
    if (this.#forms.size === 0) return json;
    if (typeof json === 'string') return this.mask(json);
    if (typeof json === 'number') return this.#secrets.has(String(json)) ? MASK : json;
    if (json === null || typeof json !== 'object') return json;
    if (isArray(json)) return json.map((each) => this.maskJson(each));
    return Object.fromEntries(Object.entries(json).map(([key, value]) => [SHAPE.has(key) ? key : this.mask(key), this.maskJson(value)]));
  }

  #addForm(form: string): void {
    if (form.length < SHORTEST) return;
    const key = form.slice(0, SHORTEST);
    const same = this.#forms.get(key) ?? [];
    if (!same.includes(form)) same.push(form);
    // Longest first: what is found is then always the longest match at its place.
    this.#forms.set(key, same.sort((a, b) => b.length - a.length));
  }
}

/** Lines of a secret of several lines (a private key), since output arrives line by line. Short ones would be everyday words. */
function lines(secret: string): string[] {
  return secret.includes('\n') ? secret.split(/\r?\n/).map((line) => line.trim()).filter((line) => line.length >= 12 && !line.startsWith('-----')) : [];
}

function formsOf(secret: string): Set<string> {
  const plain = new Set([secret, ...urlForms(secret), ...shellForms(secret)]);
  const escaped = [...plain].flatMap((form) => jsonForms(form));
  return new Set([...plain, ...escaped, ...base64Forms(secret)]);
}

function urlForms(secret: string): string[] {
  // A lone surrogate cannot be URL-encoded: through UTF-8 it becomes a replacement character.
  const bytes = Buffer.from(secret).toString();
  const component = encodeURIComponent(bytes);
  const strict = component.replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
  const forms = [component, strict, encodeURI(bytes), strict.replaceAll('%2F', '/'), strict.replaceAll('%20', '+')];
  return [...forms, ...forms.map((form) => form.replace(/%[0-9A-F]{2}/g, (hex) => hex.toLowerCase()))];
}

/** Inside single quotes, as we, Python's shlex and double quotes write it. */
function shellForms(secret: string): string[] {
  return [secret.replaceAll("'", String.raw`'\''`), secret.replaceAll("'", `'"'"'`), secret.replace(/[\\"$`]/g, String.raw`\$&`), secret.replace(/[^A-Za-z0-9_@%+=:,./-]/g, String.raw`\$&`)];
}

function jsonForms(text: string): string[] {
  const json = JSON.stringify(text).slice(1, -1);
  const ascii = json.replace(/[\u0080-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return [json, ascii, json.replaceAll('/', String.raw`\/`)];
}

/** The secret within base64 of a longer text: it may begin at any of three places in a group; only characters that depend on nothing else are kept. */
function base64Forms(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const cores = [0, 1, 2].map((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64');
    return text.slice(Math.ceil((shift * 8) / 6), Math.floor(((shift + bytes.length) * 8) / 6));
  });
  const forms = [bytes.toString('base64'), ...cores];
  return [...forms, ...forms.map((form) => form.replaceAll('+', '-').replaceAll('/', '_'))];
}
