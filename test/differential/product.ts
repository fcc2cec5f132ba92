import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from '../../runner/cli/commands/run.ts';
import { explain } from '../../runner/cli/crash.ts';
import { parseExtraVars } from '../../runner/cli/load/extra-vars.ts';
import type { RunOptions } from '../../runner/cli/options.ts';
import { runPlaybooks } from '../../runner/cli/run/run-playbooks.ts';
import { Redactor } from '../../runner/event/redact.ts';
import { classicReporter } from '../../runner/report/classic.ts';
import { textSink } from '../../runner/report/sink.ts';
import { diskReader } from '../../runner/source/disk.ts';
import { type Case, layOut } from './case.ts';
import { type Outcome, outcomeOf } from './outcome.ts';

/** Runs a case with Rollcall in this process, with more words on its command line; `text` is what it would have printed. */
export async function runProduct(each: Case, more: readonly string[] = []): Promise<{ outcome: Outcome; text: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'differential-'));
  try {
    let options: RunOptions | undefined;
    await runCommand(async (given) => void (options = given)).exitOverride().parseAsync([...layOut(each, folder), ...more], { from: 'user' });
    if (!options) throw new Error('no options');
    const { text, errors, exit } = await perform(options, join(folder, 'play'));
    return { outcome: outcomeOf(text, exit, folder), text: `${text}\n${errors}` };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What the command does, with the output kept and nobody at the terminal. */
async function perform(options: RunOptions, cwd: string): Promise<{ text: string; errors: string; exit: number }> {
  const sink = textSink();
  const errors: string[] = [];
  const redactor = new Redactor();
  const { tags: only, skipTags: skip, connection, become, check, diff, forks, verbosity, limit, forceHandlers, taskTimeout, startAtTask, lookahead } = options;
  const { askPass: _login, passwordFile: _loginFile, ...ways } = connection;
  const { askPass: _become, passwordFile: _becomeFile, ...privileges } = become;
  try {
    const exit = await runPlaybooks({
      cwd, redactor, playbooks: options.playbooks, inventories: options.inventory, taskPaths: [], rolesPath: [], vaultSecrets: [],
      extraVars: parseExtraVars(options.extraVars, diskReader(), { decrypt: (text) => text }).vars,
      selection: { only, skip, ...(startAtTask !== undefined && { startAtTask }) },
      mode: 'run', exitOnChange: false, journal: false, signal: new AbortController().signal,
      settings: {
        check, diff, forks, verbosity, forceHandlers, taskTimeout, step: false, lookahead, tags: { only, skip }, connection: ways, become: privileges,
        ...(limit !== undefined && { limit }),
      },
      reporter: () => Promise.resolve(classicReporter(sink, { verbosity })),
      prompt: () => Promise.resolve(undefined),
      print: (text) => sink.write(text),
      complain: (text) => void errors.push(text),
    });
    return { text: sink.text(), errors: errors.join(''), exit };
  } catch (error) {
    const { text, exitCode } = explain(error, redactor);
    return { text: sink.text(), errors: text, exit: exitCode };
  }
}
