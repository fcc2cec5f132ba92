import { change, ABSENT, type Change } from '../../runner/task/change.ts';
import { sh } from '../../runner/task/command.ts';
import { TaskFailure } from '../../runner/task/failure.ts';
import type { ChkconfigState } from '../parse/chkconfig.ts';

/** Which runlevels a service shall be switched in, and how. */
export interface BootWish {
  readonly name: string;
  readonly enabled: boolean;
  readonly levels: readonly number[];
}

/** What must be done so that a SysV service starts (or does not start) at boot; levels that are not named stay as they are. */
export function planBootLevels({ name, enabled, levels }: BootWish, seen: ChkconfigState): readonly Change[] {
  const word = enabled ? 'on' : 'off';
  switch (seen.kind) {
    case 'levels': {
      const wrong = levels.filter((level) => seen.on.includes(level) !== enabled);
      if (wrong.length === 0) return [];
      const after = enabled ? [...new Set([...seen.on, ...wrong])].sort((a, b) => a - b) : seen.on.filter((level) => !wrong.includes(level));
      const at = wrong.join('');
      return [
        change('boot', [...seen.on], after, [sh`chkconfig --level ${at} ${name} ${word}`], {
          undo: [{ run: sh`chkconfig --level ${at} ${name} ${enabled ? 'off' : 'on'}` }],
        }),
      ];
    }
    case 'xinetd':
      return seen.on === enabled ? [] : [change('boot', seen.on, enabled, [sh`chkconfig ${name} ${word}`])];
    case 'never-added':
      if (!enabled) return [];
      // `chkconfig NAME on` alone would link 2345 only and leave the stop links of the other levels out.
      return [change('boot', ABSENT, [...levels], [sh`chkconfig --add ${name}`, sh`chkconfig --level ${levels.join('')} ${name} on`])];
    case 'no-script':
      throw new TaskFailure(`there is no service '${name}' on this host: /etc/init.d/${name} does not exist (is its package installed?)`);
    case 'no-header':
      throw new TaskFailure(`/etc/init.d/${name} cannot be managed by chkconfig: it has no '# chkconfig: LEVELS START STOP' header`);
    case 'no-chkconfig':
      throw new TaskFailure(`this host has no chkconfig; use the 'service' module with 'enabled'`);
    case 'unreadable':
      throw new TaskFailure(`chkconfig --list ${name} failed: ${seen.text}`);
  }
}
