import { z } from 'zod';
import { ABSENT, change, type Change } from '../../runner/task/change.ts';
import { sh } from '../../runner/task/command.ts';
import { defineTask } from '../../runner/task/define.ts';
import { Flag, Texts, Word, params } from '../../runner/task/params.ts';
import { parsePortTypes } from '../parse/semanage.ts';
import { askSemanage } from './semanage.ts';

const schema = params({
  ports: Texts.describe('Ports and ranges, e.g. `8080` or `10000-10100`.'),
  proto: z.enum(['tcp', 'udp']).meta({ aliases: ['protocol'] }).describe('Protocol.'),
  setype: Word.describe('SELinux type of the ports.'),
  state: z.enum(['present', 'absent']).default('present').describe('Whether they have that type.'),
  reload: Flag.default(true).describe('Load the policy afterwards.'),
  local: Flag.default(false).describe('Look only at what was added on this host.'),
  ignore_selinux_state: Flag.default(false).describe('Work where SELinux is off, too.'),
});

/** `TYPE PROTOCOL` → ports and ranges. */
type Seen = ReadonlyMap<string, readonly string[]>;

/** The SELinux type of ports. */
export default defineTask<z.output<typeof schema>, Seen>({
  name: 'seport',
  summary: 'Which SELinux type ports have, by semanage.',
  examples: `
- seport: { ports: [8081, 9000-9010], proto: tcp, setype: http_port_t }
`,
  params: schema,
  exclusive: 'semanage',
  probe: async ({ local, ignore_selinux_state }, host) => parsePortTypes(await askSemanage(['port', '-l', ...(local ? ['-C'] : [])], ignore_selinux_state, host)),
  plan({ ports, proto, setype, state, reload }, seen): readonly Change[] {
    const mine = seen.get(`${setype} ${proto}`) ?? [];
    const quiet = reload ? [] : ['-N'];
    const other = (port: string): string | undefined => [...seen].find(([key, list]) => key.endsWith(` ${proto}`) && list.includes(port))?.[0].split(' ')[0];
    return ports.map((port) => port.replace(/\s/g, '')).flatMap((port) => {
      if (mine.includes(port) === (state === 'present')) return [];
      if (state === 'absent') return [change(`${proto} ${port}`, setype, ABSENT, [sh`semanage port ${[...quiet, '-d', '-t', setype, '-p', proto, port]}`])];
      const before = other(port);
      return [change(`${proto} ${port}`, before ?? ABSENT, setype, [sh`semanage port ${[...quiet, before === undefined ? '-a' : '-m', '-t', setype, '-p', proto, port]}`])];
    });
  },
  result: ({ ports, proto, setype, state }) => ({ ports: [...ports], proto, setype, state }),
});
