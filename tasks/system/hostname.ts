import { z } from 'zod';
import { ABSENT, change } from '../../runner/task/change.ts';
import { sh } from '../../runner/task/command.ts';
import { defineTask } from '../../runner/task/define.ts';
import { Word, params } from '../../runner/task/params.ts';

const schema = params({
  name: Word.describe('The name, with or without domain.'),
  use: z.enum(['alpine', 'debian', 'redhat', 'sles', 'systemd', 'generic']).optional().describe('Taken for compatibility: where the name is kept is found out.'),
});

interface Seen {
  readonly running: string;
  readonly stored: string | undefined;
  /** The file that keeps the name over a restart. */
  readonly path: string;
  readonly content: string;
}

/** Keeps the name of the host. */
export default defineTask<z.output<typeof schema>, Seen>({
  name: 'hostname',
  summary: "Keeps the host's own name, now and over a restart.",
  description: '/etc/hosts is left alone.',
  examples: `
- hostname: { name: node1.example.org }
`,
  params: schema,
  async probe(_, host) {
    const { family, version, init } = await host.system();
    const old = family === 'RedHat' && init !== 'systemd' && Number.parseInt(version, 10) < 7;
    const path = old ? '/etc/sysconfig/network' : '/etc/hostname';
    const [running, file] = await Promise.all([host.read(sh`uname -n`, ({ stdout }) => stdout.trim()), host.readFile(path)]);
    const content = file?.toString() ?? '';
    const stored = old ? /^HOSTNAME=["']?([^"'\n]*)/m.exec(content)?.[1] : /^\s*([^#\s]+)/m.exec(content)?.[1];
    return { running, stored, path, content };
  },
  plan({ name }, { running, stored, path, content }) {
    const line = `HOSTNAME=${name}`;
    const next = path === '/etc/hostname' ? `${name}\n` : /^HOSTNAME=/m.test(content) ? content.replace(/^HOSTNAME=.*$/m, () => line) : `${content === '' || content.endsWith('\n') ? content : `${content}\n`}${line}\n`;
    return [
      ...(stored === name ? [] : [change('stored', stored ?? ABSENT, name, [{ write: { path, content: next } }])]),
      ...(running === name ? [] : [change('running', running, name, [sh`hostname ${name}`], { undo: [{ run: sh`hostname ${running}` }] })]),
    ];
  },
  result: ({ name }) => ({ name, ansible_facts: { ansible_hostname: name.split('.')[0] ?? name, ansible_nodename: name, ansible_fqdn: name, ansible_domain: name.split('.').slice(1).join('.') } }),
});
