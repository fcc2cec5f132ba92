import { spawn } from 'node:child_process';
import { Command, CommanderError, Option } from 'commander';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { execWords } from './exec.ts';
import { labDown, labKill, labLink, labList, labStart, labUp } from './lab.ts';
import { defaultLabDir, hostDir, LabError, requireHost, type HostShell, type Persona } from './lab-dir.ts';

const EXAMPLES = `
Examples:
  rollcall lab up                            two CentOS 6 hosts, n1 and n2
  rollcall lab up n1 n2 n3 --persona plain   three hosts like this machine
  rollcall lab exec n1 -- clustat            a command on a host, as root
  rollcall lab kill n1                       the whole host dies at once
  rollcall lab down                          nothing is left

Keys, known_hosts and an ssh_config for the hosts are in .rollcall/lab; inventory/lab.yml uses them.
CentOS 6's own tools are simulated from recorded behaviour; kernel, sshd, sudo, iptables and addresses are real.
`;

/** Carries out `rollcall lab …`; returns the exit code. */
export async function labCommand(argv: readonly string[]): Promise<number> {
  let code = 0;
  const program = new Command('rollcall lab').description('throwaway hosts on this machine to try playbooks on').addHelpText('after', EXAMPLES).exitOverride().enablePositionalOptions();
  const dir = new Option('--dir <folder>', 'where the lab is kept').default(defaultLabDir(), '.rollcall/lab');
  program.command('up [names...]').description('make hosts and start them (n1 n2 without names)')
    .addOption(new Option('--persona <name>', 'what the hosts look like').choices(['centos6', 'plain']).default('centos6'))
    .addOption(new Option('--shell <shell>', 'what /bin/sh is on them').choices(['bash', 'dash', 'busybox']).default('bash'))
    .option('--subnet <n>', 'the network 10.66.N.0/24 to use', Number, 6)
    .option('--nopasswd', 'let admin use sudo without a password', false)
    .option('--conf <KEY=VALUE>', 'a failure switch of the simulated tools, repeatable (lab/README.md)', collect, {})
    .addOption(dir)
    .action(async (names: string[], options: UpFlags) => {
      const lab = await labUp({ ...(names.length > 0 && { names }), ...options });
      print(lab.hosts.map((host) => `${host.name}  ${host.address}  up\n`).join(''));
      print(`log in with: ssh -F ${lab.sshConfig} ${lab.hosts[0]?.name ?? 'n1'}\n`);
    });
  program.command('down').description('end all hosts and remove everything').addOption(dir).action((flags: DirFlag) => labDown(flags.dir));
  program.command('list').description('the hosts, their addresses, and whether they run').addOption(dir)
    .action((flags: DirFlag) => print(labList(flags.dir).map((host) => `${host.name}  ${host.address}  ${host.up ? 'up' : 'down'}\n`).join('')));
  program.command('exec <name> <command...>').description('run a command on a host as root, past ssh').addOption(dir).passThroughOptions()
    .action(async (name: string, command: string[], flags: DirFlag) => {
      code = await runOn(resolve(flags.dir), name, command[0] === '--' ? command.slice(1) : command);
    });
  program.command('kill <name>').description('the host dies at once, as when its power goes').addOption(dir).action((name: string, flags: DirFlag) => labKill(name, flags.dir));
  program.command('start <name>').description('start a host again, its disk as it was').addOption(dir).action((name: string, flags: DirFlag) => labStart(name, flags.dir));
  program.command('link <name> <state>').description('cut a host off (down) or plug it in (up)').addOption(dir)
    .action((name: string, state: string, flags: DirFlag) => {
      if (state !== 'up' && state !== 'down') throw new LabError(`a link is up or down, not ${state}`);
      return labLink(name, state, flags.dir);
    });
  program.command('logs <name>').description('the console of a host').addOption(dir).action(async (name: string, flags: DirFlag) => {
    requireHost(flags.dir, name);
    print(await readFile(join(hostDir(resolve(flags.dir), name), 'console.log'), 'utf8'));
  });
  for (const command of program.commands) command.exitOverride();
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 5;
    if (!(error instanceof LabError)) throw error;
    process.stderr.write(`rollcall lab: ${error.message}\n`);
    return 5;
  }
}

interface DirFlag {
  readonly dir: string;
}

interface UpFlags extends DirFlag {
  readonly persona: Persona;
  readonly shell: HostShell;
  readonly subnet: number;
  readonly nopasswd: boolean;
  readonly conf: Readonly<Record<string, string>>;
}

function collect(text: string, before: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const [, key, value] = /^([A-Z0-9_]+)=(.*)$/s.exec(text) ?? [];
  if (key === undefined) throw new LabError(`--conf takes KEY=VALUE, not ${text}`);
  return { ...before, [key]: value ?? '' };
}

function print(text: string): void {
  process.stdout.write(text);
}

/** With the person's own terminal, so that shells and editors work. */
function runOn(dir: string, name: string, command: readonly string[]): Promise<number> {
  const [program = '', ...words] = execWords(dir, name, command);
  return new Promise((settle, reject) => {
    spawn(program, words, { stdio: 'inherit' }).on('error', reject).on('close', (code, signal) => settle(code ?? (signal ? 1 : 0)));
  });
}
