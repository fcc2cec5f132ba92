import type { z } from 'zod';
import { defineControl } from '../../runner/task/control.ts';
import { Flag, Text, Texts, Whole, params } from '../../runner/task/params.ts';

const schema = params({
  file: Text.optional().describe("Vars file, looked for in the role's and the playbook's `vars`."),
  dir: Text.optional().describe('Folder of vars files, all loaded in the order of their names.'),
  name: Text.optional().describe('Put all of it into one variable of this name.'),
  depth: Whole.optional().describe('How many levels down, with `dir`; all without it.'),
  files_matching: Text.optional().describe('Only files whose name matches this pattern, with `dir`.'),
  ignore_files: Texts.optional().describe('Names to leave out, with `dir`.'),
  extensions: Texts.optional().describe('Endings to load, with `dir`: yml, yaml, json without it.'),
  ignore_unknown_extensions: Flag.default(false).describe('Leave out files with other endings.'),
  hash_behaviour: Text.optional().describe('Taken for compatibility: later values replace earlier ones.'),
})
  .refine((given) => given.file !== undefined || given.dir !== undefined, 'file or dir is required')
  .refine((given) => given.file === undefined || given.dir === undefined, 'file and dir are mutually exclusive');

/** Loads variables. */
export default defineControl<z.output<typeof schema>>({
  name: 'include_vars',
  summary: 'Loads variables from files of the controller, when the task is reached.',
  examples: `
- include_vars: "{{ ansible_facts.os_family }}.yml"
- include_vars: { dir: settings, name: settings }
`,
  params: schema,
  freeForm: 'file',
  act({ file, dir, name, depth, files_matching, ignore_files, extensions }, control) {
    return control.includeVars({
      ...(file !== undefined && { file }), ...(dir !== undefined && { dir }), ...(name !== undefined && { name }), ...(depth !== undefined && { depth }),
      ...(files_matching !== undefined && { filesMatching: files_matching }), ...(ignore_files && { ignoreFiles: ignore_files }), ...(extensions && { extensions }),
    });
  },
});
