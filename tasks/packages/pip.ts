import { posix } from 'node:path';
import type { z } from 'zod';
import { ABSENT, change, type Change } from '../../runner/task/change.ts';
import { sh, type Command } from '../../runner/task/command.ts';
import { defineTask } from '../../runner/task/define.ts';
import { TaskFailure } from '../../runner/task/failure.ts';
import { isSatisfied, type PythonRequirement } from '../parse/python-requirement.ts';
import { splitShellWords } from '../parse/shell-words.ts';
import { lookAtPip, requirementsOf, type PipSeen } from './pip-look.ts';
import { pipParams } from './pip-params.ts';

type Params = z.output<typeof pipParams>;

const INSTALL = { present: [], latest: ['-U'], forcereinstall: ['-U', '--force-reinstall'] } as const;

/** Runs pip where and as the parameters say. */
function pipCommand({ umask, chdir }: Params, seen: PipSeen, words: readonly string[]): Command {
  const path = seen.environment === undefined ? undefined : sh`PATH=${posix.join(seen.environment, 'bin')}:"$PATH" `;
  return sh`cd ${chdir ?? '/tmp'} && ${umask !== undefined && sh`umask ${umask}; `}${path}PIP_DISABLE_PIP_VERSION_CHECK=1 ${seen.pip} ${words}`.with({ timeout: 1800 });
}

function makeEnvironment(given: Params, environment: string): Command {
  const program = splitShellWords(given.virtualenv_command);
  const venv = /pyvenv|-m venv/.test(given.virtualenv_command);
  if (venv && given.virtualenv_python !== undefined) throw new TaskFailure('virtualenv_python should not be used when using the venv module or pyvenv as virtualenv_command');
  const words = [...(given.virtualenv_site_packages ? ['--system-site-packages'] : []), ...(given.virtualenv_python === undefined ? [] : [`-p${given.virtualenv_python}`]), environment];
  return sh`cd ${given.chdir ?? '/tmp'} && ${given.umask !== undefined && sh`umask ${given.umask}; `}${[...program, ...words]}`.with({ timeout: 600 });
}

/** What is wanted and not there, or there and unwanted; what only pip can judge is among it. */
function openRequirements({ state }: Params, seen: PipSeen, wanted: readonly PythonRequirement[]): readonly PythonRequirement[] {
  const { installed } = seen;
  if (state === 'forcereinstall') return wanted;
  if (state === 'absent') return wanted.filter(({ name }) => name !== undefined && installed.has(name));
  return wanted.filter((each) => isSatisfied(each, installed) !== true || (state === 'latest' && isOutdated(each, seen)));
}

/** Whether the index has something newer that the requirement allows. */
function isOutdated(wanted: PythonRequirement, { outdated }: PipSeen): boolean {
  return wanted.name !== undefined && outdated.has(wanted.name) && isSatisfied(wanted, outdated) === true;
}

function shown(requirements: readonly PythonRequirement[], seen: PipSeen): Change['before'] {
  const there = requirements.flatMap(({ name }) => (name !== undefined && seen.installed.has(name) ? [`${name}==${seen.installed.get(name)}`] : []));
  return there.length === 0 ? ABSENT : there;
}

/** Distributions of Python. */
export default defineTask<Params, PipSeen>({
  name: 'pip',
  summary: 'Distributions of Python, installed or removed by the pip of the host.',
  description: `What is there is asked of \`pip list\`, and versions are compared here, so that check mode tells what would be installed; \`state: latest\` asks the
index. Of a requirements file every line is compared; a line that only pip understands (a path, \`-e\`, another file) makes pip run each time.
A URL of a repository with a name (\`#egg=name\`) counts as right when that name is installed.`,
  examples: `
- pip: { name: [requests>=2.28, pyyaml], virtualenv: /srv/app/venv, virtualenv_command: python3 -m venv }
- pip: { requirements: /srv/app/requirements.txt, virtualenv: /srv/app/venv }
`,
  params: pipParams,
  exclusive: 'pip',
  probe: lookAtPip,
  plan(given, seen): readonly Change[] {
    const { state, requirements, editable, extra_args } = given;
    const create = seen.environment !== undefined && !seen.environmentThere ? [change('virtualenv', ABSENT, seen.environment, [makeEnvironment(given, seen.environment)])] : [];
    const open = openRequirements(given, seen, requirementsOf(given, seen));
    if (open.length === 0) return create;
    const extra = extra_args === undefined ? [] : splitShellWords(extra_args);
    const words = [...extra, ...(editable && !extra.includes('-e') ? ['-e'] : [])];
    const targets = requirements === undefined ? open.map(({ text }) => text) : ['-r', requirements];
    const names = open.map((each) => (isOutdated(each, seen) ? `${each.name}==${seen.outdated.get(each.name ?? '')}` : each.text));
    const action = state === 'absent' ? ['uninstall', '-y', ...words, ...targets] : ['install', ...INSTALL[state], ...words, ...targets];
    // What pip alone can judge is done rather than reached: a second look could not tell either.
    const repeats = state !== 'absent' && (state === 'forcereinstall' || open.every((each) => isSatisfied(each, seen.installed) === undefined)) ? ({ repeats: true } as const) : {};
    return [...create, change('packages', shown(open, seen), state === 'absent' ? ABSENT : names, [pipCommand(given, seen, action)], repeats)];
  },
  async apply(change, host) {
    const outputs = [];
    for (const step of change.steps) if ('run' in step) outputs.push({ cmd: step.run.shown, ...(await host.run(step.run)) });
    return change.aspect === 'virtualenv' ? {} : { cmd: outputs.at(-1)?.cmd ?? '', stdout: outputs.at(-1)?.stdout ?? '', stderr: outputs.at(-1)?.stderr ?? '' };
  },
  result: ({ name, version, state, requirements }, { environment }) => ({ name: name === undefined ? null : [...name], version: version ?? null, state, requirements: requirements ?? null, virtualenv: environment ?? null }),
});
