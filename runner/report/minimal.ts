import type { Event, TaskResult } from '../event/event.ts';
import { painter, paintDiff, printable, STATUS_STYLE } from './paint.ts';
import { pythonJson } from './python-json.ts';
import type { Reporter, ReportOptions } from './reporter.ts';
import { debugResult, shownResult } from './shown-result.ts';
import type { Sink } from './sink.ts';

/** Modules whose result is what a command said. */
const COMMANDS = new Set(['command', 'shell', 'raw', 'script']);
const WORDS = { ok: 'SUCCESS', changed: 'CHANGED', skipped: 'SKIPPED', failed: 'FAILED', unreachable: 'UNREACHABLE', undetermined: 'UNDETERMINED' } as const;

/** What each host answered and nothing else, as `ansible` prints it; with `oneLine` in a line for each host (`-o`). */
export function minimalReporter(sink: Sink, options: ReportOptions & { readonly oneLine?: boolean }): Reporter {
  const paint = painter(sink.color);
  const modules = new Map<string, string>();
  const answer = (event: TaskResult): string => {
    const { host, status, result } = event;
    const word = WORDS[status];
    const module = modules.get(event.task) ?? '';
    if (status === 'skipped' && options.oneLine !== true) return `${host} | SKIPPED`;
    if (COMMANDS.has(module) && 'rc' in result) return options.oneLine === true ? commandLine(`${host} | ${word}`, event) : commandText(`${host} | ${word}`, event);
    const shown = module === 'debug' && status === 'ok' ? debugResult(result) : shownResult(result, options.verbosity);
    const mark = status === 'failed' || status === 'unreachable' ? '!' : '';
    return `${host} | ${word}${mark} => ${pythonJson(shown, options.oneLine === true ? undefined : 4)}`;
  };
  const show = (event: Event): void => {
    if (event.type === 'task.start') modules.set(event.task, event.module.replace(/^.*\./, ''));
    else if (event.type === 'result') {
      for (const { diff } of event.changes) if (diff !== undefined && diff !== '') sink.write(`${paintDiff(paint, printable(diff))}\n`);
      for (const warning of warningsOf(event)) sink.write(`${paint('magenta', `[WARNING]: ${printable(warning)}`)}\n`);
      sink.write(`${paint(event.ignored ? 'cyan' : STATUS_STYLE[event.status], printable(answer(event)))}\n`);
    } else if (event.type === 'note' && event.level !== 'info') {
      sink.write(`${paint(event.level === 'error' ? 'red' : 'magenta', `[${event.level.toUpperCase()}]: ${printable(event.message)}`)}\n`);
    }
  };
  return { handle: show, end: () => sink.flush() };
}

function commandText(head: string, { result, status }: TaskResult): string {
  const said = [result['stdout'], result['stderr']].map(textOf).filter((text) => text !== '');
  if (status === 'failed') said.push(textOf(result['msg']));
  // Ansible puts stderr right behind stdout; a line of its own keeps them apart.
  return `${head} | rc=${textOf(result['rc'])} >>\n${said.join('\n')}`;
}

function commandLine(head: string, { result }: TaskResult): string {
  const [stdout, stderr] = [result['stdout'], result['stderr']].map((text) => textOf(text).replaceAll('\n', '\\n').replaceAll('\r', '\\r'));
  return `${head} | rc=${textOf(result['rc'])} | (stdout) ${stdout}${stderr === '' ? '' : ` (stderr) ${stderr}`}`;
}

function warningsOf({ result }: TaskResult): readonly string[] {
  const { warnings } = result;
  return Array.isArray(warnings) ? warnings.map(textOf) : [];
}

function textOf(value: unknown): string {
  return value === undefined || value === null ? '' : typeof value === 'string' ? value : JSON.stringify(value);
}
