import { hash } from 'node:crypto';
import { posix } from 'node:path';
import { z } from 'zod';
import { sharedBytes } from '../../runner/util/shared.ts';
import { defineTask } from '../../runner/task/define.ts';
import { Flag, Text, params } from '../../runner/task/params.ts';
import type { JsonObject } from '../../runner/util/json.ts';
import { attributeFields, ModeOrPreserve } from './common/attributes.ts';
import { lookAtRendered, renderedChanges, type RenderedFile, type SeenRendered } from './common/rendered.ts';
import { fileFacts } from './common/target.ts';

const NEWLINES = { '\n': '\n', '\r': '\r', '\r\n': '\r\n', '\\n': '\n', '\\r': '\r', '\\r\\n': '\r\n' } as const;

const schema = params({
  src: Text.describe("Template on the controller, looked for in the role's and the playbook's `templates`. `.hbs` is Handlebars, everything else Jinja."),
  dest: Text.describe('Path on the host; a folder takes the file under its own name.'),
  force: Flag.default(true).describe('Replace a file of other content; with false only a missing one is written.'),
  backup: Flag.default(false).describe('Keep the old file beside it.'),
  validate: Text.optional().describe('Command that must accept the new file, with `%s` in place of its path.'),
  follow: Flag.default(false).describe('Taken for compatibility: the file a link leads to is written.'),
  newline_sequence: z.enum(['\n', '\r', '\r\n', '\\n', '\\r', '\\r\\n']).default('\n').describe('What ends the lines of the file.'),
  trim_blocks: Flag.default(true).describe('Jinja: drop the newline after a block.'),
  lstrip_blocks: Flag.default(false).describe('Jinja: drop white space before a block.'),
  block_start_string: Text.optional().describe('Jinja: what begins a block, instead of `{%`.'),
  block_end_string: Text.optional().describe('Jinja: what ends a block, instead of `%}`.'),
  variable_start_string: Text.optional().describe('Jinja: what begins an expression, instead of `{{`.'),
  variable_end_string: Text.optional().describe('Jinja: what ends an expression, instead of `}}`.'),
  comment_start_string: Text.optional().describe('Jinja: what begins a comment, instead of `{#`.'),
  comment_end_string: Text.optional().describe('Jinja: what ends a comment, instead of `#}`.'),
  output_encoding: z.enum(['utf-8', 'latin1', 'ascii']).default('utf-8').describe('How the file is encoded.'),
  ...attributeFields,
  mode: ModeOrPreserve.optional().describe("Permissions, octal in quotes or symbolic; `preserve` takes the template's."),
});

interface Prepared extends RenderedFile {
  readonly src: string;
}

/** Renders a template to the host. */
export default defineTask<z.output<typeof schema>, SeenRendered, Prepared>({
  name: 'template',
  summary: 'Renders a template on the controller with the variables of the host and keeps the file on the host equal to it.',
  examples: `
- template:
    src: ntp.conf.j2
    dest: /etc/ntp.conf
    owner: root
    mode: '0644'
    validate: ntpd -n -q -c %s
`,
  params: schema,
  foreseeable: true,
  async prepare(given, controller) {
    const src = await controller.find(given.src, 'templates');
    const { trim_blocks, lstrip_blocks, block_start_string, block_end_string, variable_start_string, variable_end_string, comment_start_string, comment_end_string } = given;
    const options = { trim_blocks, lstrip_blocks, block_start_string, block_end_string, variable_start_string, variable_end_string, comment_start_string, comment_end_string };
    const text = await controller.render(src, { template_destpath: given.dest }, JSON.parse(JSON.stringify(options)) as JsonObject);
    const content = sharedBytes(text.replaceAll('\n', NEWLINES[given.newline_sequence]), given.output_encoding);
    const mode = given.mode === 'preserve' ? (await controller.inspect?.(src))?.mode : given.mode;
    return { ...given, mode, content, src, name: posix.basename(src) };
  },
  probe: lookAtRendered,
  plan: renderedChanges,
  result: ({ content, src }, { path, stat }) => ({
    dest: path,
    src,
    checksum: hash('sha1', content),
    md5sum: hash('md5', content),
    ...fileFacts(stat),
  }),
});
