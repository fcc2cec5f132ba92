import { fromJson, toJson, toText } from '../../expr/convert.ts';
import { becomeFrom, targetFrom } from '../../inventory/connection.ts';
import type { Directives } from '../../playbook/model.ts';
import { renderTree } from '../../template/render.ts';
import type { Tree } from '../../template/tree.ts';
import type { Become, Target } from '../../inventory/target.ts';
import { TaskFailure } from '../../task/failure.ts';
import { mayBeFact } from '../../vars/names.ts';
import type { LayeredScope } from '../../vars/scope.ts';
import type { Json, JsonObject } from '../../util/json.ts';
import type { RunContext } from '../request.ts';
import { put } from '../../util/own.ts';

/** How a task reaches its host and as whom. */
export interface Way {
  readonly target: Target;
  readonly become: Become | undefined;
  readonly environment: Readonly<Record<string, string>>;
}

/** Works out the way to a host from directives, variables and command line. `scope` is the scope of the host that is connected to. */
export function wayTo(context: RunContext, host: string, directives: Directives, taskScope: LayeredScope, hostScope: LayeredScope): Way {
  const render = (tree: Tree | undefined): Json | undefined => (tree === undefined ? undefined : toJson(renderTree(tree, taskScope, context.environment)));
  const lookup = (name: string): Json | undefined => {
    const value = mayBeFact(name) ? undefined : hostScope.lookup(name);
    return value === undefined ? undefined : toJson(value);
  };
  const text = (tree: Tree | undefined): string | undefined => {
    const value = render(tree);
    return value === undefined || value === null ? undefined : toText(fromJson(value));
  };
  const { settings } = context;
  const port = Number(render(directives.port) ?? settings.connection.port);
  const user = text(directives.remoteUser) ?? settings.connection.user;
  const connection = text(directives.connection) ?? settings.connection.connection;
  const { target, problems } = targetFrom(host, lookup, {
    ...settings.connection,
    ...(Number.isInteger(port) && { port }),
    ...(user !== undefined && { user }),
    ...(connection !== undefined && { connection }),
  });
  const become = becomeFrom(lookup, {
    become: render(directives.become) ?? (settings.become.become || undefined),
    becomeUser: text(directives.becomeUser) ?? settings.become.user,
    becomeMethod: text(directives.becomeMethod) ?? settings.become.method,
    becomeExe: text(directives.becomeExe) ?? settings.become.exe,
    becomeFlags: text(directives.becomeFlags) ?? settings.become.flags,
    password: settings.become.password,
  });
  problems.push(...become.problems);
  if (problems.length > 0) throw new TaskFailure(problems.join('\n'));
  for (const secret of [target.password, target.passphrase, become.become?.password]) if (secret !== undefined) context.secret(secret);
  return { target, become: become.become, environment: environmentOf(directives, render) };
}

function environmentOf(directives: Directives, render: (tree: Tree) => Json | undefined): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const layer of directives.environment) {
    const rendered = render(layer);
    for (const each of Array.isArray(rendered) ? rendered : [rendered]) {
      if (typeof each !== 'object' || each === null) continue;
      for (const [name, value] of Object.entries(each as JsonObject)) put(environment, name, value === null ? '' : toText(fromJson(value)));
    }
  }
  return environment;
}
