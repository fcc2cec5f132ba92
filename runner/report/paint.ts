import { styleText } from 'node:util';
import type { Status } from '../event/event.ts';

/** The styles a report uses. */
export type Style = 'red' | 'green' | 'yellow' | 'cyan' | 'blue' | 'magenta' | 'gray' | 'bold' | 'dim';

/** Puts a style around a text when colours are wanted. */
export type Paint = (style: Style, text: string) => string;

/** A painter for a sink that wants colours, or one that leaves texts as they are. */
export function painter(color: boolean): Paint {
  return color ? (style, text) => styleText(style, text, { validateStream: false }) : (_style, text) => text;
}

/** The style of each status, as Ansible's users know them. */
export const STATUS_STYLE: Readonly<Record<Status, Style>> = {
  ok: 'green', changed: 'yellow', skipped: 'cyan', failed: 'red', unreachable: 'red', undetermined: 'magenta',
};

/** Paints a unified diff line by line. */
export function paintDiff(paint: Paint, diff: string): string {
  return diff.split('\n').map((line) => {
    if (line.startsWith('@@')) return paint('cyan', line);
    if (line.startsWith('+')) return paint('green', line);
    return line.startsWith('-') ? paint('red', line) : line;
  }).join('\n');
}

/** What a host says may hold control characters that would drive the reader's terminal: they are shown, not sent. Newlines and tabs stay. */
export function printable(text: string): string {
  return text.replaceAll('\r\n', '\n').replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, (char) => (char === '\r' ? '\n' : `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`));
}
