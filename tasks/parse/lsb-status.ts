import type { Output } from '../../runner/task/host.ts';
import { consoleText } from './console-text.ts';

/** What an init script's `status` means. */
export type ServiceState =
  | { readonly kind: 'running'; readonly text: string }
  | { readonly kind: 'stopped'; readonly text: string }
  /** Died and left a pid or lock file: can be started. */
  | { readonly kind: 'dead'; readonly text: string }
  /** A start of it was cut off half way: must be stopped before it can be started. */
  | { readonly kind: 'partial'; readonly text: string }
  /** There is no such service. */
  | { readonly kind: 'missing'; readonly text: string }
  /** Only root is told. */
  | { readonly kind: 'forbidden'; readonly text: string }
  | { readonly kind: 'unknown'; readonly text: string };

/**
 * Reads the answer of `service NAME status`. The exit code decides as LSB says (0 running, 1 dead with a pid file, 2 dead with a lock
 * file, 3 stopped, 4 not told), except where scripts are known to differ: `service` itself answers 1 for an unknown name, scripts without
 * a status action answer 1 or 2 with their usage, and old scripts answer 0 whatever they print.
 */
export function parseServiceStatus({ code, stdout, stderr }: Output): ServiceState {
  const text = consoleText(`${stdout}\n${stderr}`);
  const state = (kind: ServiceState['kind']): ServiceState => ({ kind, text });
  if (/unrecognized service|could not be found|: not found$|No such file or directory$|does not exist\b.*rc-service/m.test(stderr) && code !== 0)
    return state('missing');
  if (code === 127) return state('missing');
  if (code !== 0 && /^\s*usage:/im.test(text)) return state('unknown');
  switch (code) {
    case 0:
      return state(/\b(?:is stopped|not running|is dead|is inactive)\b/.test(text) && !/\bis running\b/.test(text) ? 'stopped' : 'running');
    case 1:
      return state(/\b(?:is stopped|not running)\b/.test(text) && !/pid file/.test(text) ? 'stopped' : 'dead');
    case 2:
      return state('dead');
    case 3:
      return state('stopped');
    case 4:
      return state(/privileges|only root/i.test(text) ? 'forbidden' : 'unknown');
    default:
      return state('unknown');
  }
}
