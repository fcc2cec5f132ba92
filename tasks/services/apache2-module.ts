import { z } from 'zod';
import { change, type Change } from '../../runner/task/change.ts';
import { sh } from '../../runner/task/command.ts';
import { defineTask } from '../../runner/task/define.ts';
import { TaskFailure } from '../../runner/task/failure.ts';
import { Flag, Text, Word, params } from '../../runner/task/params.ts';
import { own } from '../../runner/util/own.ts';

const schema = params({
  name: Word.describe('Module, as a2enmod knows it.'),
  identifier: Text.optional().describe('Its name in `apache2ctl -M`, where that is not NAME_module.'),
  force: Flag.default(false).describe('Switch off what Debian thinks is needed.'),
  state: z.enum(['present', 'absent']).default('present').describe('Whether Apache loads it.'),
  ignore_configcheck: Flag.default(false).describe('Go on when the configuration cannot be read, by the links in mods-enabled.'),
  warn_mpm_absent: Flag.default(true).describe('Accepted for compatibility.'),
});
type Params = z.output<typeof schema>;

/** The module's name inside of Apache. */
function identifierOf({ name, identifier }: Params): string {
  const known: Readonly<Record<string, string>> = { shib: 'mod_shib', shib2: 'mod_shib', evasive: 'evasive20_module' };
  return identifier ?? own(known, name) ?? `${/^(php\d)\./.exec(name)?.[1] ?? name.replace(/^php$/, 'php')}_module`;
}

/** A module of Apache. */
export default defineTask<Params, boolean>({
  name: 'apache2_module',
  summary: 'Whether Apache loads a module, by a2enmod and a2dismod.',
  description: 'Apache sees it after a reload, for which a handler is the place.',
  examples: `
- apache2_module: { name: rewrite }
  notify: Reload Apache
`,
  params: schema,
  exclusive: 'apache',
  async probe(given, host) {
    const tool = given.state === 'present' ? 'a2enmod' : 'a2dismod';
    if (!(await host.read(sh`command -v ${tool}`, ({ code }) => code === 0))) throw new TaskFailure(`${tool} not found. Perhaps this system does not use ${tool} to manage apache`);
    const loaded = await host.read(sh`if command -v apache2ctl >/dev/null 2>&1; then apache2ctl -M; else apachectl -M; fi`, ({ code, stdout, stderr }) => {
      if (code === 0) return new Set([...stdout.matchAll(/^\s*(\S+) \((?:static|shared)\)/gm)].map(([, name]) => name)).has(identifierOf(given));
      if (!given.ignore_configcheck) throw new TaskFailure(`Error executing apache2ctl -M: ${stderr.trim()}`, { rc: code });
      return undefined;
    });
    return loaded ?? (await host.stat(`/etc/apache2/mods-enabled/${given.name}.load`)) !== null;
  },
  plan({ name, state, force }, loaded): readonly Change[] {
    const wanted = state === 'present';
    if (loaded === wanted) return [];
    const flags = force ? ['-f'] : [];
    return [change('loaded', loaded, wanted, [wanted ? sh`a2enmod ${[...flags, name]}` : sh`a2dismod ${[...flags, name]}`])];
  },
  apply: async ({ steps }, host, { name, state }) => {
    for (const step of steps) if ('run' in step) await host.run(step.run);
    return { result: `Module ${name} ${state === 'present' ? 'enabled' : 'disabled'}` };
  },
  result: ({ name, state }) => ({ result: `Module ${name} already ${state === 'present' ? 'enabled' : 'disabled'}` }),
});
