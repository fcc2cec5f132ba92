import { Command, quoteWord } from '../../task/command.ts';
import type { Actuator, Observer } from '../../task/host.ts';

/** An observer whose commands see more environment variables. */
export function observerWith(environment: Readonly<Record<string, string>>, observer: Observer): Observer {
  if (Object.keys(environment).length === 0) return observer;
  return { ...observer, read: (command, parse) => observer.read(prefixed(environment, command), parse) };
}

/** An actuator whose commands see more environment variables. */
export function actuatorWith(environment: Readonly<Record<string, string>>, actuator: Actuator): Actuator {
  if (Object.keys(environment).length === 0) return actuator;
  const { runAll } = actuator;
  return {
    ...actuator,
    ...(runAll && { runAll: (commands) => runAll(commands.map((command) => prefixed(environment, command))) }),
    read: (command, parse) => actuator.read(prefixed(environment, command), parse),
    run: (command, options) => actuator.run(prefixed(environment, command), options),
    wait: (spec) => actuator.wait({ ...spec, until: prefixed(environment, spec.until) }),
  };
}

function prefixed(environment: Readonly<Record<string, string>>, command: Command): Command {
  const names = Object.keys(environment).filter((name) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(name));
  const exports = names.map((name) => `export ${name}=${quoteWord(environment[name] ?? '')}; `).join('');
  // Values may be secrets: people see the command as it was written.
  return new Command(`${exports}${command.script}`, command.shown, { ...(command.stdin !== undefined && { stdin: command.stdin }), ...(command.timeout !== undefined && { timeout: command.timeout }) });
}
