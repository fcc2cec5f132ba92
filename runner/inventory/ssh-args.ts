import { splitWords } from './shell-words.ts';

/** What options of the ssh program mean for a connection. The first of several settings of one thing counts, as for ssh. */
export interface SshArgs {
  readonly proxyJump?: readonly string[];
  readonly hostKeyChecking?: 'strict' | 'accept-new' | 'off';
  readonly knownHosts?: readonly string[];
  readonly sshConfig?: string;
  readonly user?: string;
  readonly port?: number;
  readonly privateKey?: string;
  readonly connectTimeout?: number;
}

/** Options that say how ssh does its work, not what comes of it: one connection is kept open in any case. */
const HARMLESS = /^(?:-[CTqtvx46aN]+|controlmaster|controlpath|controlpersist|compression|serveraliveinterval|serveralivecountmax|tcpkeepalive|loglevel|batchmode|preferredauthentications|pubkeyauthentication|kbdinteractiveauthentication|gssapiauthentication|identitiesonly|requesttty|addkeystoagent|hashknownhosts|checkhostip|forwardx11)$/;
/** Letters that take a word. */
const WITH_WORD = 'JFilpob';

/** Reads words for the ssh program. `understood` holds the words that have a meaning here, `missed` those that have one elsewhere only. */
export function readSshArgs(text: string): { args: SshArgs; understood: string; missed: readonly string[] } {
  const split = splitWords(text);
  if ('error' in split) return { args: {}, understood: '', missed: [text] };
  const words = split.words.map((word) => word.text);
  const args: { -readonly [K in keyof SshArgs]: SshArgs[K] } = {};
  const understood: string[] = [];
  const missed: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    const letter = word[1] ?? '';
    const takes = word.startsWith('-') && WITH_WORD.includes(letter) && letter !== '';
    const raw = takes && word.length === 2 ? `${word} ${quoted(words[++at] ?? '')}` : quoted(word);
    const value = takes ? (word.length === 2 ? (words[at] ?? '') : word.slice(2)) : '';
    const [name, said] = letter === 'o' && takes ? optionOf(value) : [word, value];
    if (HARMLESS.test(name)) continue;
    const meaning = meaningOf(takes && letter !== 'o' ? `-${letter}` : name, said);
    if (meaning === undefined) missed.push(letter === 'o' ? value : raw);
    else {
      understood.push(raw);
      for (const [key, each] of Object.entries(meaning)) if (!(key in args)) Object.assign(args, { [key]: each });
    }
  }
  return { args, understood: understood.join(' '), missed };
}

/** `Name=value` or `Name value`, the name in lower case. */
function optionOf(text: string): [string, string] {
  const match = /^\s*(\w+)\s*(?:=|\s)\s*([\s\S]*)$/.exec(text);
  return match ? [(match[1] ?? '').toLowerCase(), (match[2] ?? '').trim()] : [text.toLowerCase(), ''];
}

function meaningOf(key: string, value: string): SshArgs | undefined {
  switch (key) {
    case '-J':
    case 'proxyjump':
      return value.toLowerCase() === 'none' ? {} : { proxyJump: value.split(',').map((each) => each.trim()) };
    case 'proxycommand':
      return viaJump(value);
    case 'stricthostkeychecking':
      return { hostKeyChecking: /^(?:no|off)$/i.test(value) ? 'off' : /^accept-new$/i.test(value) ? 'accept-new' : 'strict' };
    case 'userknownhostsfile':
      return { knownHosts: value.split(/\s+/) };
    case '-F':
      return { sshConfig: value };
    case '-l':
    case 'user':
      return { user: value };
    case '-i':
    case 'identityfile':
      return { privateKey: value };
    case '-p':
    case 'port':
      return /^\d+$/.test(value) ? { port: Number(value) } : undefined;
    case 'connecttimeout':
      return /^\d+$/.test(value) ? { connectTimeout: Number(value) } : undefined;
    default:
      return undefined;
  }
}

/** `ssh -W %h:%p user@gateway` is what ProxyJump does; any other command would have to be run. */
function viaJump(command: string): SshArgs | undefined {
  const split = splitWords(command);
  if ('error' in split) return undefined;
  const [program, ...words] = split.words.map((word) => word.text);
  if (program !== 'ssh' && program?.endsWith('/ssh') !== true) return undefined;
  let host: string | undefined;
  let user = '';
  let port = '';
  let forwards = false;
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    if (word === '-W') forwards = words[++at]?.replaceAll(/[[\]]/g, '') === '%h:%p';
    else if (word === '-l') user = `${words[++at] ?? ''}@`;
    else if (word === '-p') port = `:${words[++at] ?? ''}`;
    else if (/^-[qTCaxv46]+$/.test(word)) continue;
    else if (word.startsWith('-') || host !== undefined) return undefined;
    else host = word;
  }
  return forwards && host !== undefined ? { proxyJump: [`${user}${host}${port}`] } : undefined;
}

function quoted(word: string): string {
  return /^[\w@%+=:,./~-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
