import { change, ABSENT, type Change } from '../../runner/task/change.ts';
import { z } from 'zod';
import { sh } from '../../runner/task/command.ts';
import { defineTask } from '../../runner/task/define.ts';
import { TaskFailure } from '../../runner/task/failure.ts';
import { Text, params } from '../../runner/task/params.ts';
import type { Step } from '../../runner/task/change.ts';

const schema = params({
  name: Text.optional().describe('Name of the zone, e.g. `Europe/Berlin`.'),
  hwclock: z.enum(['local', 'UTC']).optional().meta({ aliases: ['rtc'] }).describe('What the hardware clock shows; only where timedatectl is in charge.'),
}).refine(({ name, hwclock }) => name !== undefined || hwclock !== undefined, 'one of name and hwclock must be given');

interface Seen {
  /** The zone that /etc/localtime leads to; null when it is a copy of an unknown one. */
  readonly zone: string | null;
  readonly known: boolean;
  readonly timedatectl: boolean;
  readonly local?: boolean;
  /** Files that name the zone beside it, by path. */
  readonly named: Readonly<Record<string, string>>;
}

const CLOCK = '/etc/sysconfig/clock';
const PLAIN = '/etc/timezone';

/** The time zone. */
export default defineTask<z.output<typeof schema>, Seen>({
  name: 'timezone',
  summary: 'The time zone of the host.',
  description: 'By timedatectl where systemd runs; else by the link /etc/localtime, and the name in /etc/timezone or /etc/sysconfig/clock where the system has one.',
  examples: `
- timezone: { name: Europe/Berlin }
`,
  params: schema,
  async probe({ name, hwclock }, host) {
    const { init } = await host.system();
    const [link, real, zone, plain, clock] = await Promise.all([
      host.stat('/etc/localtime'), host.checksum('/etc/localtime'), name === undefined ? null : host.checksum(`/usr/share/zoneinfo/${name}`), host.readFile(PLAIN), host.readFile(CLOCK),
    ]);
    const timedatectl = init === 'systemd' && (await host.read(sh`timedatectl status`, ({ code }) => code === 0));
    const linked = link?.target === undefined ? undefined : /zoneinfo\/(?:posix\/)?(.+)$/.exec(link.target)?.[1];
    const adjusted = hwclock === undefined ? null : await host.readFile('/etc/adjtime');
    const named = { ...(plain !== null && { [PLAIN]: plain.toString() }), ...(clock !== null && { [CLOCK]: clock.toString() }) };
    const copied = named[CLOCK] === undefined ? named[PLAIN]?.trim() : /^ZONE="?([^"\n]*)"?/m.exec(named[CLOCK])?.[1];
    return {
      zone: linked ?? (real !== null && real === zone ? (name ?? null) : (copied ?? null)),
      known: name === undefined || zone !== null, timedatectl, named,
      ...(hwclock !== undefined && { local: /^LOCAL$/m.test(adjusted?.toString() ?? '') }),
    };
  },
  plan({ name, hwclock }, seen): readonly Change[] {
    if (!seen.known) throw new TaskFailure(`the host does not know the time zone '${name}' (is tzdata installed?)`);
    const changes: Change[] = [];
    const stale = name === undefined ? [] : Object.entries(seen.named).filter(([path, text]) => text !== withZone(path, text, name));
    if (name !== undefined && (seen.zone !== name || stale.length > 0)) {
      const files: Step[] = stale.map(([path, text]) => ({ write: { path, content: withZone(path, text, name) } }));
      const set = seen.zone === name ? [] : [{ run: seen.timedatectl ? sh`timedatectl set-timezone ${name}` : sh`ln -sf ${`/usr/share/zoneinfo/${name}`} /etc/localtime` }];
      changes.push(change('zone', seen.zone ?? ABSENT, name, [...set, ...files]));
    }
    if (hwclock !== undefined && seen.local !== (hwclock === 'local')) {
      const steps = seen.timedatectl ? sh`timedatectl set-local-rtc ${hwclock === 'local' ? 'yes' : 'no'}` : sh`hwclock --systohc ${hwclock === 'local' ? '--localtime' : '--utc'}`;
      changes.push(change('hwclock', seen.local ? 'local' : 'UTC', hwclock, [steps]));
    }
    return changes;
  },
});

function withZone(path: string, text: string, zone: string): string {
  return path === PLAIN ? `${zone}\n` : /^ZONE=/m.test(text) ? text.replace(/^ZONE=.*$/m, `ZONE="${zone}"`) : `${text}ZONE="${zone}"\n`;
}
