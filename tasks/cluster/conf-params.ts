import { z } from 'zod';
import { Mode } from '../files/common/attributes.ts';
import { Flag, Text, Whole, Word, params } from '../../runner/task/params.ts';

/** A value of an attribute; true and false are written as 1 and 0. */
const Value = z.union([z.string(), z.number(), z.boolean()]);
const Attributes = z.record(z.string(), Value);

const Device = z
  .looseObject({ name: Word.describe('A fence device of fence_devices.') })
  .describe('Fence device with its attributes for this node: port, action …');
const Method = z.strictObject({
  method: Word.describe('Name of the method; methods are tried in order.'),
  devices: z.array(Device).default([]).describe('Devices used together.'),
});

const Node = z.strictObject({
  name: Word.describe("Name that resolves to the node's cluster address on every node."),
  nodeid: Whole.optional().describe('Number; its place in the list, from 1, without it.'),
  votes: Whole.default(1).describe('Votes.'),
  fence: z.array(Method).optional().describe('How it is fenced; without it, one method without devices, which never succeeds.'),
  unfence: z.array(Device).optional().describe('Devices that let it in again at start.'),
  altname: Text.optional().describe('Name on the second ring.'),
  attributes: Attributes.default({}).describe('More attributes.'),
});

const Domain = z.strictObject({
  name: Word.describe('Name.'),
  ordered: Flag.default(false).describe('Priorities count.'),
  restricted: Flag.default(false).describe('Only on members.'),
  nofailback: Flag.default(false).describe('Stay where it is when a better node comes back.'),
  nodes: z
    .array(
      z.preprocess(
        (given) => (typeof given === 'string' ? { name: given } : given),
        z.strictObject({ name: Word.describe('Node.'), priority: Whole.optional().describe('1 is best.') }),
      ),
    )
    .min(1)
    .describe('Members.'),
});

const Resource = z
  .record(z.string(), z.union([z.string(), z.record(z.string(), z.unknown())]))
  .refine((entry) => Object.keys(entry).length === 1, 'must be one mapping from the kind of resource to its attributes, e.g. {ip: {address: 192.168.1.100}}')
  .describe('One kind of resource and its attributes; `resources` among them are its children. `{ip: ADDRESS}` for short.');

const Service = z.strictObject({
  name: Word.describe('Name.'),
  autostart: Flag.default(true).describe('Start with the cluster.'),
  exclusive: Flag.default(false).describe('Only on a node that runs no other service.'),
  recovery: Text.default('restart').describe('What follows a failure: restart, relocate, disable.'),
  domain: Text.optional().describe('Failover domain.'),
  attributes: Attributes.default({}).describe('More attributes: max_restarts, depend …'),
  resources: z.array(Resource).default([]).describe('What it is made of, in the order of the start.'),
});

/** Parameters of `cluster_conf`. */
export const confParams = params({
  name: Word.describe('Name of the cluster, at most 15 characters; the multicast address is made from it.'),
  nodes: z
    .array(z.preprocess((given) => (typeof given === 'string' ? { name: given } : given), Node))
    .min(1)
    .describe('All nodes: one that is not listed goes from the file.'),
  two_node: Flag.optional().describe('Two nodes, of which one is quorate; true where there are two.'),
  expected_votes: Whole.optional().describe('1 with two_node; the sum of the votes without it.'),
  cman: Attributes.default({}).describe('More attributes of cman: port, broadcast, transport (6.2 and later), keyfile …'),
  multicast: Text.optional().describe('Multicast address instead of the one made from the name.'),
  totem: Attributes.default({}).describe('Attributes of totem: token (ms), consensus, secauth …'),
  fence_daemon: Attributes.default({}).describe('Attributes of fence_daemon: post_join_delay (s), post_fail_delay, clean_start …'),
  fence_devices: z
    .array(z.looseObject({ name: Word.describe('Name.'), agent: Word.describe('Fence agent.') }))
    .default([])
    .describe('Fence devices: name, agent and what the agent needs.'),
  fencing: z
    .enum(['optional', 'required'])
    .default('optional')
    .describe('required: refuse a node without a fence device. Without one, nothing is recovered when that node dies.'),
  rm: z
    .strictObject({
      attributes: Attributes.default({}).describe('Attributes of rm: log_level, status_poll_interval …'),
      failover_domains: z.array(Domain).default([]).describe('Failover domains.'),
      resources: z.array(Resource).default([]).describe('Resources that services refer to by `ref`.'),
      services: z.array(Service).default([]).describe('Services.'),
    })
    .prefault({})
    .describe('What rgmanager runs.'),
  prune: Flag.default(false).describe('Remove elements and attributes of the file that the task does not name; without it they stay.'),
  path: Text.default('/etc/cluster/cluster.conf').describe('The file.'),
  mode: Mode.optional().describe('Mode; a new file gets 0640 (it may hold passwords), an old one keeps its own.'),
  at_least: Whole.default(0).describe('Highest config_version known elsewhere.'),
  peers: z
    .array(z.looseObject({ version: Whole.describe('config_version of its file.'), fingerprint: Text.describe('As in the result of cluster_facts.') }))
    .default([])
    .describe('What the other nodes have (`config` of cluster_facts): keeps all nodes at one config_version.'),
  peers_versions: z
    .preprocess((given) => (typeof given === 'string' ? given.split(',') : given), z.array(Whole))
    .default([])
    .describe('config_versions of the other nodes, where nothing more is known.'),
  backup: Flag.default(false).describe('Keep the old file.'),
});

/** Validated parameters of `cluster_conf`. */
export type ConfParams = z.output<typeof confParams>;
