import { hash } from 'node:crypto';
import { posix } from 'node:path';
import { z } from 'zod';
import { sharedBytes } from '../../runner/util/shared.ts';
import { defineTask } from '../../runner/task/define.ts';
import { Flag, Text, params } from '../../runner/task/params.ts';
import type { Json } from '../../runner/util/json.ts';
import { attributeFields } from './common/attributes.ts';
import { lookAtRendered, renderedChanges, type RenderedFile, type SeenRendered } from './common/rendered.ts';
import { fileFacts } from './common/target.ts';

const schema = params({
  src: Text.optional().describe('File on the controller. `.hbs` is rendered by Handlebars, `.j2` by Jinja, anything else is taken as it is.'),
  content: Text.optional().describe("The file's text, instead of `src`."),
  dest: Text.meta({ aliases: ['path', 'name'] }).describe('Path on the host; a folder takes the file under its own name, without `.hbs` or `.j2`.'),
  context: z.record(z.string(), z.custom<Json>(() => true)).default({}).describe('Variables for the template, over those of the host.'),
  force: Flag.default(true).describe('Replace a file of other content; with false only a missing one is written.'),
  backup: Flag.default(false).describe('Keep the old file beside it.'),
  validate: Text.optional().describe('Command that must accept the new file, with `%s` in place of its path.'),
  ...attributeFields,
})
  .refine((given) => given.src !== undefined || given.content !== undefined, 'src (or content) is required')
  .refine((given) => given.src === undefined || given.content === undefined, 'src and content are mutually exclusive');

/** Distributes a configuration file. */
export default defineTask<z.output<typeof schema>, SeenRendered, RenderedFile>({
  name: 'config',
  summary: 'Keeps a configuration file on the host equal to a file, template or text of the controller.',
  description: 'The file is replaced atomically, after `validate` has accepted it, and keeps its owner and permissions unless others are asked for.',
  examples: `
- name: Cluster configuration
  config:
    src: cluster.conf.hbs
    dest: /etc/cluster/cluster.conf
    mode: '0640'
    validate: ccs_config_validate -f %s
    context: { generation: 7 }
  notify: Reload the cluster
`,
  params: schema,
  foreseeable: true,
  async prepare(given, controller) {
    if (given.content !== undefined) return { ...given, content: sharedBytes(given.content), name: posix.basename(given.dest) };
    const rendered = /\.(hbs|j2)$/.test(given.src ?? '');
    const src = await controller.find(given.src ?? '', rendered ? 'templates' : 'files');
    const content = rendered ? sharedBytes(await controller.render(src, given.context)) : await controller.readFile(src);
    return { ...given, content, name: posix.basename(src).replace(/\.(hbs|j2)$/, '') };
  },
  probe: lookAtRendered,
  plan: renderedChanges,
  result: ({ content }, { path, stat }) => ({ dest: path, checksum: hash('sha1', content), ...fileFacts(stat) }),
});
