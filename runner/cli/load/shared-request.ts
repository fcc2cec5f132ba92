import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { setImmediate as immediately } from 'node:timers/promises';
import { factFiles } from '../../history/fact-files.ts';
import { InputError } from '../../source/diagnostic.ts';
import { diskReader } from '../../source/disk.ts';
import { keyring } from '../../vault/keyring.ts';
import type { Process } from '../process.ts';
import { parseExtraVars } from './extra-vars.ts';
import type { Reporter } from '../../report/reporter.ts';
import type { SharedOptions } from '../options.ts';
import { openReports } from '../outputs.ts';
import { readPasswords } from './passwords.ts';
import { askPerson } from '../prompt.ts';
import type { RunRequest } from './request.ts';
import { readSecrets } from './vault-secrets.ts';

type OwnSettings = 'tags' | 'forceHandlers' | 'taskTimeout' | 'step' | 'lookahead';

/** The part of a request that `run` and `exec` make in the same way. */
export type SharedRequest = Omit<RunRequest, 'playbooks' | 'mode' | 'selection' | 'settings'> & { readonly settings: Omit<RunRequest['settings'], OwnSettings> };

const DEFAULT_ROLES_PATH = ['~/.ansible/roles', '/usr/share/ansible/roles', '/etc/ansible/roles'];
const DEFAULT_INVENTORY = '/etc/ansible/hosts';

/** The inventory that was asked for, else the machine's own where there is one. */
export function inventorySources(asked: readonly string[]): readonly string[] {
  return asked.length === 0 && existsSync(DEFAULT_INVENTORY) ? [DEFAULT_INVENTORY] : asked;
}

/** Reads what the options name: passwords, vault passwords, extra variables. @throws InputError */
export async function sharedRequest(options: SharedOptions, { redactor, signal }: Process): Promise<SharedRequest> {
  const files = diskReader();
  const passwords = await readPasswords(options, files);
  for (const password of [passwords.connection, passwords.become]) if (password !== undefined) redactor.add(password);
  const vaultSecrets = await readSecrets(options.vaultIds, redactor, options.configured.vaultIdMatch);
  const keys = keyring(vaultSecrets);
  const extra = parseExtraVars(options.extraVars, files, { decrypt: (text) => keys.decrypt(text) });
  if (extra.diagnostics.some((each) => each.severity === 'error')) throw new InputError(extra.diagnostics);
  let reporter: Reporter | undefined;
  const { configured } = options;
  const { factCache, mergeHashes, anyErrorsFatal, noLog, managed, configFile, gathering, debugger: debugging, debuggerIgnoresErrors } = configured;
  const { askPass: _login, passwordFile: _loginFile, ...connection } = options.connection;
  const { askPass: _become, passwordFile: _becomeFile, ...become } = options.become;
  return {
    cwd: process.cwd(),
    inventories: inventorySources(options.inventory),
    taskPaths: options.taskPath,
    rolesPath: configured.rolesPath ?? DEFAULT_ROLES_PATH.map((path) => path.replace(/^~/, homedir())),
    collectionsPath: configured.collectionsPath ?? DEFAULT_ROLES_PATH.slice(0, 2).map((path) => path.replace(/^~/, homedir()).replace(/roles$/, 'collections')),
    ...(factCache && { factCache: factFiles({ ...factCache, holdsSecret: (text) => redactor.mask(text) !== text }) }),
    ...(configured.retryFiles !== undefined && { retryFiles: configured.retryFiles }),
    configured: configured.settings,
    extraVars: extra.vars,
    vaultSecrets,
    exitOnChange: options.exitOnChange,
    journal: options.journal,
    profile: options.profile || options.output.some(({ name }) => name === 'trace'),
    redactor,
    signal,
    reporter: async () => (reporter = await openReports(options)),
    async prompt(text, echo) {
      const resume = await reporter?.suspend?.();
      // A report writes the lines of one moment together: they come before the question.
      await immediately();
      try {
        return await askPerson(redactor.mask(text), echo);
      } finally {
        resume?.();
      }
    },
    print: (text) => void process.stdout.write(text),
    complain: (text) => void process.stderr.write(text),
    settings: {
      check: options.check,
      diff: options.diff,
      forks: options.forks,
      verbosity: options.verbosity,
      connection: { ...connection, ...given({ retries: configured.sshRetries }), ...(passwords.connection !== undefined && { password: passwords.connection }) },
      become: { ...become, ...(passwords.become !== undefined && { password: passwords.become }) },
      ...given({ limit: options.limit, mergeHashes, anyErrorsFatal, noLog, managed, configFile, gathering, debugger: debugging, debuggerIgnoresErrors }),
    },
  };
}

type Given<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

function given<T extends object>(fields: T): Given<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Given<T>;
}
