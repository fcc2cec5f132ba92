import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pythonJson } from './python-json.ts';
import type { Reporter } from './reporter.ts';
import { shownResult } from './shown-result.ts';

/** A folder with a file for each host, that has its last result in JSON: what `ansible -t` writes. For the owner alone, since results may be anything. */
export function hostFilesReporter(folder: string, verbosity: number): Reporter {
  return {
    handle(event) {
      if (event.type !== 'result' || event.status === 'skipped') return;
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      // The name of a host is what somebody wrote: it must not lead out of the folder.
      const name = event.host.replaceAll('/', '_').replace(/^\.+$/, '_');
      writeFileSync(join(folder, name), pythonJson(shownResult(event.result, verbosity)), { mode: 0o600 });
    },
    end: () => Promise.resolve(),
  };
}
