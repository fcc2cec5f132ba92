import { own } from '../../util/own.ts';
/** What a person said to the debugger. */
export type DebuggerCommand =
  | { readonly kind: 'print'; readonly expression: string }
  /** `task.args[KEY] = VALUE`, `task_vars[KEY] = VALUE`: both sides are expressions. */
  | { readonly kind: 'assign'; readonly what: 'args' | 'vars'; readonly key: string; readonly value: string }
  /** `del task.args[KEY]`. */
  | { readonly kind: 'delete'; readonly key: string }
  | { readonly kind: 'update' | 'redo' | 'continue' | 'quit' | 'help' | 'nothing' }
  | { readonly kind: 'unknown'; readonly text: string };

const WORDS: Readonly<Record<string, 'update' | 'redo' | 'continue' | 'quit' | 'help'>> = {
  u: 'update', update_task: 'update', r: 'redo', redo: 'redo', c: 'continue', continue: 'continue', q: 'quit', quit: 'quit', eof: 'quit', h: 'help', help: 'help', '?': 'help',
};
const PLACE = /^(task\.args|task_vars)\s*\[(.+)\]$/s;

/** Reads one line: the commands of Ansible's debugger. */
export function debuggerCommand(line: string): DebuggerCommand {
  const text = line.trim();
  if (text === '') return { kind: 'nothing' };
  const word = own(WORDS, text.toLowerCase());
  if (word !== undefined) return { kind: word };
  const print = /^(?:p|pprint)\s+(.+)$/s.exec(text);
  if (print) return { kind: 'print', expression: print[1] ?? '' };
  const removed = PLACE.exec(/^del\s+(.+)$/s.exec(text)?.[1] ?? '');
  if (removed?.[1] === 'task.args') return { kind: 'delete', key: removed[2] ?? '' };
  const equals = assignment(text);
  const place = PLACE.exec(text.slice(0, Math.max(0, equals)).trim());
  if (!place) return { kind: 'unknown', text };
  return { kind: 'assign', what: place[1] === 'task_vars' ? 'vars' : 'args', key: place[2] ?? '', value: text.slice(equals + 1).trim() };
}

/** Where the `=` of an assignment stands: outside of brackets and quotes, and no comparison. */
function assignment(text: string): number {
  let depth = 0;
  let quote = '';
  for (let at = 0; at < text.length; at++) {
    const char = text[at] ?? '';
    if (quote !== '') {
      if (char === '\\') at++;
      else if (char === quote) quote = '';
    } else if (char === '"' || char === "'") quote = char;
    else if ('[({'.includes(char)) depth++;
    else if ('])}'.includes(char)) depth--;
    else if (char === '=' && depth === 0) return text[at + 1] === '=' || '=!<>'.includes(text[at - 1] ?? ' ') ? -1 : at;
  }
  return -1;
}
