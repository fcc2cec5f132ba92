import type { Command } from '../task/command.ts';
import { TaskFailure } from '../task/failure.ts';
import type { FileStat, Observer } from '../task/host.ts';
import type { HostAccess } from './access.ts';
import { HostFailure } from './channel.ts';
import { untilCancelled } from './cancellation.ts';
import type { Answer } from './memo.ts';
import { printfText } from './shell/encode.ts';
import { parseSystem, SYSTEM_SCRIPT } from './system.ts';

const DEFAULT_MAX = 16 * 1024 * 1024;

/** A question that a shell answers by itself. */
const BUILTIN = /^command -v [\w.-]+$/;

/** Asks for what nobody remembers. */
type Remember = <T extends Answer>(kind: string, about: string, ask: () => Promise<T>) => Promise<T>;

/** A view of a host for one task. Reads are shared with all tasks of the same host and user until the host changes. */
export function createObserver(host: HostAccess, signal: AbortSignal): Observer {
  // A shared read must not end because one of those who wait for it is cancelled: only the waiting ends. Whoever is cancelled asks nothing new.
  return observer(host, signal, (kind, about, ask) => (signal.aborted ? undefined : host.memo.here(kind, about)) ?? untilCancelled(signal, () => host.memo.get(kind, about, ask)));
}

/**
 * A view for looking ahead of time: whoever is called off asks nothing new, but waits for what has been asked. To end each wait at once costs as much
 * memory as all the rest of it.
 */
export function createForesight(host: HostAccess, signal: AbortSignal): Observer {
  return observer(host, signal, (kind, about, ask) => (signal.aborted ? CALLED_OFF : host.memo.get(kind, about, ask)));
}

/** The same, of what has been read since the host changed and nothing else: everything else is refused. */
export function createRecollection(host: HostAccess, signal: AbortSignal): Observer {
  return observer(host, signal, <T>(kind: string, about: string) => host.memo.known<T>(kind, about) ?? (REFUSED as Promise<T>));
}

/** What is known about the object at a path itself, if it has been looked at since the host changed. */
export function knownStat(host: HostAccess, path: string): Promise<FileStat | null> | undefined {
  return host.memo.known('stat', path);
}

const CALLED_OFF = Promise.reject(new HostFailure('cancelled', 'called off while the host was looked at'));
CALLED_OFF.catch(() => undefined);

/** One for all: plans ask for a lot that nobody has looked at, and expect no more than a refusal. */
const REFUSED = Promise.reject(new TaskFailure('nobody has looked at this'));
REFUSED.catch(() => undefined);

function observer(host: HostAccess, signal: AbortSignal, remember: Remember): Observer {
  return {
    name: host.name,
    signal,
    async read(command, parse) {
      const script = readScript(command);
      const options = command.timeout === undefined ? {} : { timeout: command.timeout };
      return parse(await remember(command.timeout === undefined ? 'read' : `read ${command.timeout}`, script, async () => {
        const { code, stdout, stderr } = await (BUILTIN.test(script) ? host.inquire(script, options) : host.read(script, options));
        return { code, stdout, stderr };
      }));
    },
    stat: (path, { follow = false } = {}) => remember(follow ? 'stat -L' : 'stat', path, () => host.inquiry.stat(path, follow)),
    checksum: (path, algorithm = 'sha256', { likely } = {}) => remember(algorithm, path, () => host.inquiry.checksum(path, algorithm, likely)),
    getent: (database, key) => remember(`getent ${database}`, key, () => host.inquiry.getent(database, key)),
    readFile: (path, { max = DEFAULT_MAX, likely } = {}) => remember(max === DEFAULT_MAX ? 'file' : `file ${max}`, path, () => readFile(host, path, max, likely)),
    system: () => remember('system', '', async () => parseSystem(await host.read(SYSTEM_SCRIPT))),
  };
}

/** Standard input of a read travels inside the script: a builtin feeds it, no file holds it. */
function readScript(command: Command): string {
  const { script, stdin } = command;
  if (stdin === undefined) return script;
  return `printf ${printfText(Buffer.from(stdin))} | (\n${script}\n)`;
}

async function readFile(host: HostAccess, path: string, max: number, likely: Buffer | undefined): Promise<Buffer | null> {
  const bytes = await host.inquiry.content(path, max + 1, likely);
  if (bytes && bytes.length > max) throw new TaskFailure(`${path} is larger than ${max} bytes`);
  return bytes;
}
