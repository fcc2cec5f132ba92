import { change, defineTask, params, Text, type z } from 'rollcall';

const fields = params({
  text: Text.describe('What people read when they log in.'),
  path: Text.default('/etc/motd').describe('The file that holds it.'),
});

/** The message of the day: the smallest useful module. */
export default defineTask<z.output<typeof fields>, string | null>({
  name: 'motd',
  summary: 'The message that people read when they log in.',
  examples: `- name: Say whose host this is
  motd:
    text: "{{ inventory_hostname }} belongs to the cluster team"
`,
  params: fields,

  // Looks at the host. Gets an Observer, which cannot write.
  async probe({ path }, host) {
    const bytes = await host.readFile(path);
    return bytes === null ? null : bytes.toString('utf8');
  },

  // Decides. Pure: no host here, only what was wanted and what was seen.
  plan({ text, path }, seen) {
    const wanted = `${text.trimEnd()}\n`;
    if (seen === wanted) return [];
    return [change('content', seen, wanted, [{ write: { path, content: wanted, mode: '0644' } }], {
      diff: { beforeLabel: path, afterLabel: path, before: seen ?? '', after: wanted },
    })];
  },

  // Nothing to write for apply: the change's steps are carried out, and the probe is run again to prove that they worked.
});
