import { z } from 'zod';
import { Flag, Text, Texts, params } from '../../../runner/task/params.ts';
import { attributeFields } from './attributes.ts';

/** Parameters of `archive`, as in Ansible. */
export const archiveParams = params({
  path: Texts.describe('Files and folders to pack; `*` and `?` are expanded on the host.'),
  dest: Text.optional().describe('The archive; needed unless one file is only compressed.'),
  format: z.enum(['bz2', 'gz', 'tar', 'xz', 'zip']).default('gz').describe('How it is packed; bz2, gz and xz are tar archives when there is more than one file.'),
  exclude_path: Texts.default([]).describe('Of `path`, what to leave out.'),
  exclusion_patterns: Texts.default([]).describe('Patterns of names to leave out, e.g. `*.pyc`; they stand for the whole name inside the archive (of a zip file: the whole path).'),
  force_archive: Flag.default(false).describe('Make an archive of a single file, too.'),
  remove: Flag.default(false).describe('Remove what was packed.'),
  ...attributeFields,
});

/** Validated parameters of `archive`. */
export type ArchiveParams = z.output<typeof archiveParams>;
