import { hash } from 'node:crypto';
import { posix } from 'node:path';
import { z } from 'zod';
import { sh } from '../../runner/task/command.ts';
import { defineTask } from '../../runner/task/define.ts';
import { TaskFailure } from '../../runner/task/failure.ts';
import type { Observer } from '../../runner/task/host.ts';
import { Flag, Text, params } from '../../runner/task/params.ts';
import { translateRegex } from '../../runner/util/python-regex.ts';
import { attributeFields } from './common/attributes.ts';
import { contentChanges } from './common/content.ts';
import { expandPath, fileFacts } from './common/target.ts';
import { lookAtText, type TextFile } from './common/text-file.ts';

const schema = params({
  src: Text.describe('Folder of the parts.'),
  dest: Text.describe('The file to be made of them.'),
  remote_src: Flag.default(true).describe('The parts are on the host; with false, on the controller.'),
  regexp: Text.optional().describe('Only parts whose name matches this Python pattern are taken.'),
  delimiter: Text.optional().describe('Text between the parts, on a line of its own.'),
  ignore_hidden: Flag.default(false).describe('Leave out parts whose name begins with a dot.'),
  backup: Flag.default(false).describe('Keep the old file beside it.'),
  validate: Text.optional().describe('Command that must accept the new file, with `%s` in place of its path.'),
  decrypt: Flag.default(true).describe('Taken for compatibility.'),
  ...attributeFields,
});

type Part = readonly [name: string, content: Buffer];
interface Prepared extends z.output<typeof schema> {
  /** Read on the controller, when they are there. */
  readonly parts?: readonly Part[];
}
interface Seen extends TextFile {
  readonly parts: readonly Part[];
}

/** Joins parts of a file. */
export default defineTask<z.output<typeof schema>, Seen, Prepared>({
  name: 'assemble',
  summary: 'Makes a file of the parts in a folder, in the order of their names.',
  examples: `
- assemble: { src: /etc/app/conf.d, dest: /etc/app/app.conf }
`,
  params: schema,
  async prepare(given, controller) {
    if (given.remote_src) return given;
    const folder = await controller.find(given.src, 'files');
    const names = (await controller.listFiles(folder)).filter((name) => !name.includes('/'));
    return { ...given, parts: await Promise.all(names.map(async (name): Promise<Part> => [name, await controller.readFile(posix.join(folder, name))])) };
  },
  async probe(given, host) {
    const [file, parts] = await Promise.all([lookAtText(given.dest, host, given), given.parts ?? readParts(given.src, host)]);
    return { ...file, parts };
  },
  plan(given, seen) {
    if (!seen.hasParent) throw new TaskFailure(`Destination directory ${posix.dirname(seen.path)} does not exist`);
    return contentChanges(seen, seen.content, { ...given, content: joined(given, seen.parts) });
  },
  result: (given, seen) => ({ dest: seen.path, src: given.src, checksum: hash('sha1', joined(given, seen.parts)), ...fileFacts(seen.stat) }),
});

async function readParts(src: string, host: Observer): Promise<readonly Part[]> {
  const folder = await expandPath(src, host);
  const stat = await host.stat(folder, { follow: true });
  if (stat?.type !== 'directory') throw new TaskFailure(`Source (${folder}) ${stat ? 'is not a directory' : 'does not exist'}`);
  const names = await host.read(sh`ls -A ${folder}`, ({ stdout }) => stdout.split('\n').filter(Boolean));
  const parts = await Promise.all(names.map(async (name) => [name, await host.readFile(posix.join(folder, name))] as const));
  return parts.filter((part): part is Part => part[1] !== null);
}

function joined({ regexp, delimiter, ignore_hidden }: Prepared, parts: readonly Part[]): Buffer {
  const wanted = regexp === undefined ? undefined : translateRegex(regexp);
  const taken = parts.filter(([name]) => !(ignore_hidden && name.startsWith('.')) && (wanted?.test(name) ?? true)).sort(([a], [b]) => (a < b ? -1 : 1));
  const mark = delimiter?.replaceAll('\\n', '\n');
  const chunks: Buffer[] = [];
  taken.forEach(([, content], index) => {
    const previous = chunks.at(-1);
    // A part that does not end its last line must not run into what follows.
    if (previous && previous.length > 0 && previous.at(-1) !== 10) chunks.push(Buffer.from('\n'));
    if (index > 0 && mark) chunks.push(Buffer.from(mark.endsWith('\n') ? mark : `${mark}\n`));
    chunks.push(content);
  });
  return Buffer.concat(chunks);
}
