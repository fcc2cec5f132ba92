import type { Become } from '../transport/channel.ts';
import type { Json } from '../util/json.ts';
import { asFlag, flag, text, withoutUndefined, type Lookup } from './connection.ts';

/** The `become` keywords of a task with everything above it, rendered. */
export interface BecomeDirectives {
  readonly become?: Json;
  readonly becomeUser?: Json;
  readonly becomeMethod?: Json;
  readonly becomeExe?: Json;
  readonly becomeFlags?: Json;
}

/** What the command line says: `--become`, `--become-user`, `--become-method` and the password that was asked for. */
export interface BecomeDefaults {
  readonly become?: boolean;
  readonly user?: string;
  readonly method?: string;
  readonly password?: string;
}

const METHODS: Readonly<Record<string, Become['method']>> = { sudo: 'sudo', su: 'su', 'ansible.builtin.sudo': 'sudo', 'ansible.builtin.su': 'su' };

/** The privileges a task is to have on a host, or none. As in Ansible, variables of the host win over keywords. */
export function becomeFrom(directives: BecomeDirectives, lookup: Lookup, defaults: BecomeDefaults = {}): { become: Become | undefined; problems: string[] } {
  const problems: string[] = [];
  const read = { lookup, problems };
  const wanted = flag(read, 'ansible_become') ?? directive(directives.become, problems) ?? defaults.become ?? false;
  if (!wanted) return { become: undefined, problems };
  const method = text(read, 'ansible_become_method') ?? word(directives.becomeMethod) ?? defaults.method ?? 'sudo';
  const known = METHODS[method];
  if (known === undefined) problems.push(`the become method '${method}' is not known: sudo and su are`);
  const kind = known ?? 'sudo';
  const become = {
    method: kind,
    user: text(read, 'ansible_become_user', `ansible_${kind}_user`) ?? word(directives.becomeUser) ?? defaults.user ?? 'root',
    password: text(read, 'ansible_become_password', 'ansible_become_pass', `ansible_${kind}_pass`) ?? defaults.password,
    exe: text(read, 'ansible_become_exe', `ansible_${kind}_exe`) ?? word(directives.becomeExe),
    flags: text(read, 'ansible_become_flags', `ansible_${kind}_flags`) ?? word(directives.becomeFlags),
  };
  return { become: withoutUndefined(become), problems };
}

function directive(value: Json | undefined, problems: string[]): boolean | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  const known = asFlag(value);
  if (known === undefined) problems.push(`become must be yes or no, not ${JSON.stringify(value)}`);
  return known;
}

function word(value: Json | undefined): string | undefined {
  return value === undefined || value === null || value === '' ? undefined : String(value);
}
