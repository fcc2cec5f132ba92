import { z } from 'zod';
import { sh } from '../../runner/task/command.ts';
import { defineTask } from '../../runner/task/define.ts';
import { TaskFailure } from '../../runner/task/failure.ts';
import type { JsonObject } from '../../runner/util/json.ts';
import { Texts, params } from '../../runner/task/params.ts';

const schema = params({
  manager: Texts.default(['auto']).describe('auto, or which to ask: rpm, apt, apk, portage …; the first one that the host has.'),
  strategy: z.enum(['first', 'all']).default('first').describe('Whether the first that answers is enough.'),
});

interface Seen {
  readonly packages: Readonly<Record<string, readonly JsonObject[]>>;
}

/** Tells fields apart where names and versions cannot have it. */
const SEPARATOR = '\t';
const RPM_FORMAT = ['%{NAME}', '%{VERSION}', '%{RELEASE}', '%{EPOCH}', '%{ARCH}'].join(SEPARATOR);
const DPKG_FORMAT = ['${db:Status-Abbrev}', '${Package}', '${Version}', '${Architecture}', '${Section}', '${Origin}'].join(SEPARATOR);

/** What is installed, as facts. */
export default defineTask<z.output<typeof schema>, Seen>({
  name: 'package_facts',
  summary: 'Puts the installed packages into `ansible_facts.packages`. Changes nothing.',
  examples: `
- package_facts:
- debug: { msg: "{{ ansible_facts.packages.openssl[0].version }}" }
  when: "'openssl' in ansible_facts.packages"
`,
  params: schema,
  async probe({ manager }, host) {
    const { packages: kind } = await host.system();
    const asked = manager.map((each) => each.toLowerCase());
    const family = kind === 'dnf' || kind === 'yum' || kind === 'zypper' ? 'rpm' : kind;
    if (!asked.some((each) => ['auto', family, kind].includes(each))) throw new TaskFailure(`the host has none of these package managers: ${manager.join(', ')}`);
    const found = new Map<string, JsonObject[]>();
    const add = (name: string, entry: JsonObject): void => void found.set(name, [...(found.get(name) ?? []), { name, ...entry }]);
    if (family === 'apt') {
      for (const [status = '', name = '', version = '', arch = '', category = '', origin = ''] of await host.read(sh`dpkg-query -W -f ${`${DPKG_FORMAT}\\n`}`, ({ stdout }) => rows(stdout)))
        if (status.startsWith('ii')) add(name, { version, arch, category, origin, source: 'apt' });
    } else if (family === 'rpm') {
      for (const [name = '', version = '', release = '', epoch = '', arch = ''] of await host.read(sh`rpm -qa --qf ${`${RPM_FORMAT}\\n`}`, ({ stdout }) => rows(stdout)))
        add(name, { version, release, epoch: /^\d+$/.test(epoch) ? Number(epoch) : null, arch: arch === '(none)' ? null : arch, source: 'rpm' });
    } else if (family === 'apk') {
      for (const [line = ''] of await host.read(sh`apk info -v`, ({ stdout }) => rows(stdout))) {
        const [, name, version, release] = /^(.+)-([^-]+)-(r\d+)$/.exec(line) ?? [];
        if (name !== undefined && version !== undefined && release !== undefined) add(name, { version, release, source: 'apk' });
      }
    } else throw new TaskFailure('this host has no package manager that is known');
    return { packages: Object.fromEntries([...found].sort(([a], [b]) => (a < b ? -1 : 1))) };
  },
  plan: () => [],
  result: (_, { packages }) => ({ ansible_facts: { packages } }),
});

function rows(text: string): readonly (readonly string[])[] {
  return text.split('\n').filter(Boolean).map((line) => line.split(SEPARATOR));
}
