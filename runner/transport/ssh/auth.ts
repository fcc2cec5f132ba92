import type { AnyAuthMethod, AuthHandlerMiddleware, KeyboardInteractiveAuthMethod } from 'ssh2';
import type { Target } from '../../inventory/target.ts';
import { restrictedAgent } from './agent.ts';
import type { Ssh2 } from './load.ts';
import { loadIdentities } from './identity.ts';
import { fingerprint } from './known-hosts.ts';
import type { SshSettings } from './settings.ts';

/** What is tried to log in, in order, and what came of it. */
export interface AuthPlan {
  readonly handler: AuthHandlerMiddleware;
  /** One key is all there is to log in with. */
  readonly onlyKey: boolean;
  /** For people: what was tried and what was passed over. */
  tried(): string;
  /** Whether every key that was tried is of a type that OpenSSH 5.3 does not know. */
  onlyModernKeys(): boolean;
  /** Methods the daemon says it would take. */
  accepted(): readonly string[];
}

interface Attempt {
  readonly label: string;
  readonly keyType?: string;
  readonly method: AnyAuthMethod;
}

/** Plans the login: named keys, the agent's, other key files, then the password. */
export function planAuth(ssh2: Ssh2, settings: SshSettings, target: Target): AuthPlan {
  const { user } = settings;
  const loaded = loadIdentities(ssh2, settings.identities, target.passphrase);
  const files = loaded.flatMap(({ path, key }): Attempt[] =>
    key === undefined ? [] : [{ label: `key ${path} (${key.type} ${fingerprint(key.getPublicSSH())})`, keyType: key.type, method: { type: 'publickey', username: user, key } }],
  );
  const named = files.filter((attempt) => target.privateKey !== undefined && attempt.label.startsWith(`key ${loaded[0]?.path ?? ''} `));
  const attempts: Attempt[] = [...named, ...agentAttempts(ssh2, settings, loaded.flatMap(({ publicKey }) => publicKey ?? [])), ...files.filter((attempt) => !named.includes(attempt))];
  if (target.password !== undefined) attempts.push(...passwordAttempts(user, target.password));

  const skipped = loaded.flatMap(({ path, skipped: why }) => (why === undefined ? [] : [`key ${path} was passed over: ${why}`]));
  const tried: Attempt[] = [];
  let accepted: readonly string[] = [];
  const queue = [...attempts];
  const next = (left: readonly string[] | null): AnyAuthMethod | false => {
    if (left !== null) accepted = left;
    for (let attempt = queue.shift(); attempt !== undefined; attempt = queue.shift()) {
      const method = attempt.method.type === 'agent' ? 'publickey' : attempt.method.type;
      if (left !== null && left.length > 0 && !left.includes(method)) continue;
      tried.push(attempt);
      return attempt.method;
    }
    return false;
  };
  return {
    onlyKey: attempts.length === 1 && attempts[0]?.method.type === 'publickey',
    handler: (left, _partial, callback) => callback(next(left as readonly string[] | null) as AnyAuthMethod),
    tried: () => [...(tried.length > 0 ? tried.map(({ label }) => label) : ['nothing: no key, agent or password was found']), ...skipped].join('; '),
    onlyModernKeys: () => tried.some(({ keyType }) => keyType !== undefined) && tried.every(({ keyType }) => keyType !== undefined && keyType !== 'ssh-rsa' && keyType !== 'ssh-dss'),
    accepted: () => accepted,
  };
}

function agentAttempts(ssh2: Ssh2, settings: SshSettings, publicKeys: readonly Buffer[]): readonly Attempt[] {
  const { agent, user, identitiesOnly } = settings;
  if (agent === undefined || agent === '') return [];
  return [
    {
      label: `ssh-agent at ${agent}`,
      method: { type: 'agent', username: user, agent: identitiesOnly ? restrictedAgent(ssh2, agent, publicKeys) : agent },
    },
  ];
}

/** Many daemons (PAM) take a password only as the answer to a question. */
function passwordAttempts(user: string, password: string): readonly Attempt[] {
  let asked = 0;
  const prompt: KeyboardInteractiveAuthMethod['prompt'] = (_name, _instructions, _lang, prompts, finish) => {
    // Once: a second question means that the answer was wrong, or that it is for something we do not have (a one-time code).
    const first = asked++ === 0;
    finish(prompts.map(({ echo }) => (first && echo !== true ? password : '')));
  };
  return [
    { label: 'password', method: { type: 'password', username: user, password } },
    { label: 'password (keyboard-interactive)', method: { type: 'keyboard-interactive', username: user, prompt } },
  ];
}
