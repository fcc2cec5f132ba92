import { z } from 'zod';
import { defineTask } from '../../runner/task/define.ts';
import { TaskFailure } from '../../runner/task/failure.ts';
import { Flag, Text, params } from '../../runner/task/params.ts';
import { attributeFields } from './common/attributes.ts';
import { directoryChanges, fileStateChanges } from './common/file-directory.ts';
import { hardLinkChanges, linkChanges } from './common/file-links.ts';
import { lookAtPath, stateOf, type SeenPath } from './common/file-probe.ts';
import { absentChanges, touchChanges } from './common/file-touch.ts';
import { fileFacts } from './common/target.ts';

const schema = params({
  path: Text.meta({ aliases: ['dest', 'name'] }).describe('The object to manage.'),
  state: z.enum(['absent', 'directory', 'file', 'hard', 'link', 'touch']).optional().describe('What it shall be. `file` only checks that it is there. Without it: what it is; `directory` with `recurse`.'),
  src: Text.optional().describe('What the link points to (`link`: may be relative; `hard`: a path).'),
  recurse: Flag.default(false).describe('Give all that is in the folder the same owner, group and permissions.'),
  force: Flag.default(false).describe('Make links although their target is missing or something else is in their place.'),
  follow: Flag.default(true).describe('Follow a link at `path`.'),
  modification_time: Text.optional().describe('`preserve`, `now` or a time in `modification_time_format`.'),
  modification_time_format: Text.default('%Y%m%d%H%M.%S').describe('How `modification_time` is written, as for strftime.'),
  access_time: Text.optional().describe('`preserve`, `now` or a time in `access_time_format`.'),
  access_time_format: Text.default('%Y%m%d%H%M.%S').describe('How `access_time` is written, as for strftime.'),
  ...attributeFields,
}).refine((given) => !given.recurse || given.state === undefined || given.state === 'directory', "recurse option requires state to be 'directory'")
  .refine((given) => given.src === undefined || given.state === undefined || ['link', 'hard'].includes(given.state), "src option requires state to be 'link' or 'hard'");

/** Keeps a file, folder or link as it shall be. */
export default defineTask<z.output<typeof schema>, SeenPath>({
  name: 'file',
  summary: 'Keeps the state, owner and permissions of a file, folder or link.',
  description: 'Folders are made with those above them. To write content, use `copy`, `template` or `config`.',
  examples: `
- file: { path: /srv/app, state: directory, owner: app, mode: '0750' }
- file: { src: /srv/app/current/etc, dest: /etc/app, state: link }
- file: { path: /tmp/old, state: absent }
`,
  params: schema,
  foreseeable: true,
  probe: lookAtPath,
  plan(given, seen) {
    const state = stateOf(given, seen);
    if (given.recurse && state !== 'directory') throw new TaskFailure("recurse option requires state to be 'directory'", { path: seen.path });
    switch (state) {
      case 'absent': return absentChanges(seen);
      case 'directory': return directoryChanges(given, seen);
      case 'link': return linkChanges(given, seen);
      case 'hard': return hardLinkChanges(given, seen);
      case 'touch': return touchChanges(given, seen);
      case 'file': return fileStateChanges(given, seen);
    }
  },
  result(given, seen) {
    const linked = ['link', 'hard', 'touch'].includes(stateOf(given, seen));
    const shown = linked || !given.follow ? seen.own : seen.stat;
    return { [linked ? 'dest' : 'path']: seen.path, ...(given.src !== undefined && { src: given.src }), ...fileFacts(shown) };
  },
});
