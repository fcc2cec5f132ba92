import { labNetns, LabError } from './lab-dir.ts';
import { run } from './run.ts';

/**
 * Makes the lab's network: a bridge in a namespace of its own, tied to the machine by one veth pair. No rule of the machine's firewall for
 * forwarding sees the hosts' traffic, and nothing can leave: the namespace forwards nothing and has no other interface.
 */
export async function makeNetwork(subnet: number): Promise<void> {
  const netns = labNetns(subnet);
  const taken = await run(['ip', '-o', 'route', 'show', `10.66.${subnet}.0/24`]);
  if (taken.stdout.trim() !== '') {
    throw new LabError(`10.66.${subnet}.0/24 is in use on this machine (${taken.stdout.trim()}): take another with --subnet N`);
  }
  await mustIp(['netns', 'add', netns]);
  await mustIp(['link', 'add', netns, 'type', 'veth', 'peer', 'name', 'uplink', 'netns', netns]);
  await Promise.all([
    batch(['-n', netns], [
      'link set lo up',
      'link add br0 type bridge forward_delay 0 stp_state 0 mcast_snooping 0',
      `addr add 10.66.${subnet}.254/24 dev br0`,
      'link set br0 up',
      'link set uplink master br0 up',
    ]),
    batch([], [`addr add 10.66.${subnet}.1/24 dev ${netns}`, `link set ${netns} up`]),
  ]);
}

/** Whether the lab's network is there. */
export async function hasNetwork(subnet: number): Promise<boolean> {
  return (await run(['ip', '-n', labNetns(subnet), 'link', 'show', 'br0'])).code === 0;
}

/** Removes the lab's network; nothing happens when it is not there. */
export async function removeNetwork(subnet: number): Promise<void> {
  await run(['ip', 'link', 'del', labNetns(subnet)]);
  await run(['ip', 'netns', 'del', labNetns(subnet)]);
}

/** Plugs a host's network cable in or pulls it out, as seen from the switch. */
export async function setLink(subnet: number, name: string, state: 'up' | 'down'): Promise<void> {
  await mustIp(['-n', labNetns(subnet), 'link', 'set', `v-${name}`, state]);
}

async function batch(options: readonly string[], lines: readonly string[]): Promise<void> {
  const done = await run(['ip', ...options, '-batch', '-'], { stdin: `${lines.join('\n')}\n` });
  if (done.code !== 0) throw new LabError(`the lab's network cannot be made: ${done.stderr.trim()}`);
}

async function mustIp(words: readonly string[]): Promise<void> {
  const done = await run(['ip', ...words]);
  if (done.code !== 0) throw new LabError(`ip ${words.join(' ')}: ${done.stderr.trim()}`);
}
