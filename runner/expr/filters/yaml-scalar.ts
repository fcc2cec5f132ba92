import { resolvePlain } from '../../source/yaml-scalar.ts';
import { own } from '../../util/own.ts';

/** How a text may be written in YAML. */
interface Analysis {
  readonly multiline: boolean;
  readonly flowPlain: boolean;
  readonly blockPlain: boolean;
  readonly single: boolean;
}

const BREAK = /[\n\x85\u2028\u2029]/;
const BLANK = /[\0 \t\r\n\x85\u2028\u2029]/;

/** As libyaml has it, which knows no characters beyond U+FFFF. */
function isPrintable(character: string): boolean {
  return character === '\n' || (character >= ' ' && character <= '~') || (/^[\x85\xa0-\ud7ff\ue000-\ufffd]$/.test(character) && character !== '\ufeff');
}

/** What PyYAML's emitter finds out about a text before it chooses a style. */
function analyze(text: string): Analysis {
  if (text === '') return { multiline: false, flowPlain: false, blockPlain: true, single: true };
  const all = Array.from(text);
  let [block, flow] = [/^(?:---|\.\.\.)/.test(text), /^(?:---|\.\.\.)/.test(text)];
  let [breaks, special, breakSpace, spaceBreak] = [false, false, false, false];
  let [previousSpace, previousBreak, preceded] = [false, false, true];
  for (const [index, character] of all.entries()) {
    const next = all[index + 1];
    const followed = next === undefined || BLANK.test(next);
    if (index === 0) {
      if (/[#,[\]{}&*!|>'"%@`]/.test(character)) flow = block = true;
      if (/[?:]/.test(character)) [flow, block] = [true, block || followed];
      if (character === '-' && followed) flow = block = true;
    } else {
      if (/[,?[\]{}]/.test(character)) flow = true;
      if (character === ':') [flow, block] = [true, block || followed];
      if (character === '#' && preceded) flow = block = true;
    }
    if (BREAK.test(character)) breaks = true;
    if (!isPrintable(character)) special = true;
    if (character === ' ') {
      if (previousBreak) breakSpace = true;
      [previousSpace, previousBreak] = [true, false];
    } else if (BREAK.test(character)) {
      if (previousSpace) spaceBreak = true;
      [previousSpace, previousBreak] = [false, true];
    } else {
      [previousSpace, previousBreak] = [false, false];
    }
    preceded = BLANK.test(character);
  }
  const edges = /^[ \n\x85\u2028\u2029]|[ \n\x85\u2028\u2029]$/.test(text);
  const plain = !edges && !breakSpace && !spaceBreak && !special && !breaks;
  return { multiline: breaks, flowPlain: plain && !flow, blockPlain: plain && !block, single: !breakSpace && !spaceBreak && !special };
}

/** How a text is written: bare, in single or in double quotes. */
export type ScalarStyle = 'plain' | 'single' | 'double';

/** The style PyYAML chooses for a text. */
export function scalarStyle(text: string, inFlow: boolean, isKey: boolean): { readonly style: ScalarStyle; readonly multiline: boolean } {
  const found = analyze(text);
  const staysText = typeof resolvePlain(text) === 'string' && !/^(?:=|<<)$/.test(text) && !TIMESTAMP.test(text);
  const plain = staysText && !(isKey && (text === '' || found.multiline)) && (inFlow ? found.flowPlain : found.blockPlain);
  if (plain) return { style: 'plain', multiline: found.multiline };
  return { style: found.single && !(isKey && found.multiline) ? 'single' : 'double', multiline: found.multiline };
}

const TIMESTAMP = /^(?:\d{4}-\d\d-\d\d|\d{4}-\d\d?-\d\d?(?:[Tt]|[ \t]+)\d\d?:\d\d:\d\d(?:\.\d*)?(?:[ \t]*(?:Z|[-+]\d\d?(?::\d\d)?))?)$/;

const ESCAPES: Readonly<Record<string, string>> = {
  '\0': '0', '\x07': 'a', '\b': 'b', '\t': 't', '\n': 'n', '\v': 'v', '\f': 'f', '\r': 'r', '\x1b': 'e', '"': '"', '\\': '\\', '\x85': 'N', '\xa0': '_', '\u2028': 'L', '\u2029': 'P',
};

/** A character inside double quotes: itself, or its escape. */
export function doubleQuoted(character: string): string {
  if (/["\\\x85\u2028\u2029\ufeff]/.test(character) || character === '\n' || !isPrintable(character)) {
    const name = own(ESCAPES, character);
    const code = character.codePointAt(0) ?? 0;
    const hex = code.toString(16).toUpperCase();
    return `\\${name ?? (code < 0x100 ? `x${hex.padStart(2, '0')}` : code < 0x10000 ? `u${hex.padStart(4, '0')}` : `U${hex.padStart(8, '0')}`)}`;
  }
  return character;
}
