import { z } from 'zod';
import { sh } from '../../runner/task/command.ts';
import { defineTask } from '../../runner/task/define.ts';
import { TaskFailure } from '../../runner/task/failure.ts';
import { Flag, Text, Whole, params } from '../../runner/task/params.ts';
import { ipv4Number, sameNetwork } from '../parse/cidr.ts';
import { parseAddresses, parseUpLinks, type InterfaceAddress } from '../parse/ip-addr.ts';

const fields = params({
  address: Text.transform((text) => text.split('/')[0] ?? text)
    .refine((text) => ipv4Number(text) !== undefined, 'must be an IPv4 address')
    .describe('The address, e.g. of a service that moves between hosts; a prefix length is ignored.'),
  free: Flag.default(true).describe('Nobody else may answer for it (asked by ARP).'),
  in_subnet: Flag.default(true).describe('An interface that is up must have an address in its network.'),
  interface: Text.optional().describe('That interface; any without it.'),
  count: Whole.default(2).describe('ARP questions asked.'),
});
type Params = z.output<typeof fields>;

interface Seen {
  readonly own: InterfaceAddress | undefined;
  readonly home: InterfaceAddress | undefined;
  readonly addresses: readonly InterfaceAddress[];
  readonly answer: { readonly code: number; readonly by: string | undefined } | undefined;
}

/** An assertion about an address that is to be used. */
export default defineTask<Params, Seen>({
  name: 'address_check',
  summary: 'Asserts that an address is free and belongs to the network of an interface that is up.',
  description: `rgmanager starts an address only on an interface that is up and already has an address in the same network, and does not look whether
somebody else has it. Changes nothing. An address that this host itself holds counts as free: \`held_here\` says so.`,
  examples: `- name: The cluster's address is ours to use
  address_check: { address: 192.168.1.100 }
  register: vip
- debug: { msg: "it will live on {{ vip.interface }}" }
`,
  params: fields,
  volatile: true,
  async probe({ address, free, interface: only, count }, host) {
    const [all, up] = await Promise.all([
      host.read(sh`ip -o addr`, ({ stdout }) => parseAddresses(stdout)),
      host.read(sh`ip -o link`, ({ stdout }) => parseUpLinks(stdout)),
    ]);
    const addresses = all.filter((each) => each.family === 'inet' && up.includes(each.interface) && (only === undefined || each.interface === only));
    const own = addresses.find((each) => each.address === address);
    const home = addresses
      .filter((each) => each.interface !== 'lo' && each.prefix < 32 && sameNetwork(each.address, address, each.prefix))
      .sort((a, b) => b.prefix - a.prefix)[0];
    if (!free || own !== undefined || home === undefined) return { own, home, addresses, answer: undefined };
    const answer = await host.read(
      sh`arping -D -q -c ${count} -w ${count + 1} -I ${home.interface} ${address}`.with({ timeout: count + 15 }),
      ({ code }) => code,
    );
    const by =
      answer === 1
        ? await host.read(sh`arping -c 1 -w 2 -I ${home.interface} ${address}`, ({ stdout }) => /\[([0-9A-Fa-f:]{17})\]/.exec(stdout)?.[1])
        : undefined;
    return { own, home, addresses, answer: { code: answer, by } };
  },
  plan({ address, free, in_subnet, interface: only }, { own, home, addresses, answer }) {
    if (in_subnet && home === undefined) {
      const there = addresses
        .filter((each) => each.interface !== 'lo')
        .map((each) => `${each.interface} ${each.address}/${each.prefix}`)
        .join(', ');
      throw new TaskFailure(
        `${address} is in the network of no interface that is up${only === undefined ? '' : ` (asked for: ${only})`}: ${there || 'none has an address'}`,
      );
    }
    if (!free || own !== undefined || answer === undefined || answer.code === 0) return [];
    if (answer.code === 1)
      throw new TaskFailure(
        `${address} is already in use by another machine${answer.by === undefined ? '' : ` (${answer.by.toLowerCase()})`} on ${home?.interface ?? 'its network'}`,
        { address, ...(answer.by !== undefined && { answered_by: answer.by.toLowerCase() }) },
      );
    throw new TaskFailure(
      answer.code === 127
        ? "this host has no arping: install it (iputils), or set 'free: false'"
        : `arping failed with exit code ${answer.code} (it needs root)`,
      { rc: answer.code },
    );
  },
  result: ({ address }, { own, home }) => ({
    address,
    held_here: own !== undefined,
    ...(home !== undefined && { interface: home.interface, prefix: home.prefix }),
  }),
});
