/** One line per command of `rollcall lab`, and what each takes. */
export const COMMAND_HELP: Readonly<Record<string, string>> = {
  up: [
    'rollcall lab up [HOST…]           make hosts (n1 and n2 without names), or add some to the lab that is up',
    '  --persona centos6|plain         what they look like: CentOS 6 (the default), or this machine itself',
    '  --shell bash|dash|busybox       what /bin/sh is on them; bash without it',
    '  --subnet N                      the network 10.66.N.0/24; 6 without it',
    '  --nopasswd                      admin may use sudo without a password',
    '  --set NAME=VALUE                a switch of /etc/rollcall-lab.conf, such as EL6_MINOR=6 or CMAN_START_FAILS=1; may be repeated',
  ].join('\n'),
  down: 'rollcall lab down                 remove all hosts and every trace of them',
  list: 'rollcall lab list                 the hosts, their addresses, and whether they are up',
  exec: 'rollcall lab exec HOST [COMMAND]  run a command on a host as root, past ssh; a shell without one',
  kill: 'rollcall lab kill HOST…           kill hosts at once, as when the power is cut; their disks are kept',
  start: 'rollcall lab start HOST…          boot hosts that are down, with the disks they had',
  link: 'rollcall lab link HOST up|down    plug the network cable of a host in, or pull it out',
  logs: 'rollcall lab logs HOST            what a host has logged',
};

/** The text of `rollcall lab --help`. */
export const LAB_HELP = `Throwaway hosts to try playbooks on, made from Linux namespaces in about a second (needs root).

${Object.values(COMMAND_HELP).join('\n')}

Every command takes --dir FOLDER, where the lab is kept: .rollcall/lab without it. That folder has ssh_config, known_hosts and id_rsa.
The controller is 10.66.N.1, n1 is 10.66.N.11, n2 is 10.66.N.12. Users: root and admin (password admin, sudo asks for it), both by key.
`;
