import { z } from 'zod';
import { Flag, Text, Texts, params } from '../../runner/task/params.ts';
import { splitShellWords } from '../parse/shell-words.ts';

const Words = Text.refine(isSplittable, 'has a quote that is not closed');

function isSplittable(text: string): boolean {
  try {
    return splitShellWords(text).length >= 0;
  } catch {
    return false;
  }
}

/** Parameters of `pip`, as in Ansible. */
export const pipParams = params({
  name: Texts.optional().describe('Distributions, each with a version if wanted (`requests>=2.28`), or URLs or paths that pip takes.'),
  version: Text.optional().describe('Version of the one distribution named.'),
  requirements: Text.optional().describe('A requirements file on the host.'),
  state: z.enum(['present', 'absent', 'latest', 'forcereinstall']).default('present').describe('Whether they shall be there; `forcereinstall` acts each time.'),
  virtualenv: Text.optional().describe('Folder of a virtual environment to install into; made when there is none.'),
  virtualenv_site_packages: Flag.default(false).describe("Whether a new environment sees the system's distributions."),
  virtualenv_command: Words.default('virtualenv').describe('Command that makes an environment, e.g. `python3 -m venv`.'),
  virtualenv_python: Text.optional().describe('Python of a new environment; for virtualenv only.'),
  extra_args: Words.optional().describe('Further words for pip.'),
  editable: Flag.default(false).describe('Install as editable (`-e`).'),
  chdir: Text.optional().describe('Folder to run pip in.'),
  executable: Text.optional().describe('The pip to use, by name or path.'),
  umask: Text.optional().describe('Umask for new files, octal.'),
})
  .refine(({ name, requirements }) => name !== undefined || requirements !== undefined, 'one of the following is required: name, requirements')
  .refine(({ name, requirements }) => name === undefined || requirements === undefined, 'parameters are mutually exclusive: name|requirements')
  .refine(({ executable, virtualenv }) => executable === undefined || virtualenv === undefined, 'parameters are mutually exclusive: executable|virtualenv')
  .refine(({ state, version }) => state !== 'latest' || version === undefined, 'version is incompatible with state=latest')
  .refine(({ umask }) => umask === undefined || /^[0-7]+$/.test(umask), 'umask must be an octal integer');
