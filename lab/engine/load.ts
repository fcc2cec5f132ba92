import { readClusterConfig, type ClusterConfig } from './config.ts';
import type { HostAccess } from './host-access.ts';

/** A cluster.conf as one node sees it: which of the nodes it is itself, and where the others are. */
export interface LoadedConfig {
  readonly config: ClusterConfig;
  readonly selfId: number;
  /** Addresses of all nodes whose names resolve on this host, by node id. */
  readonly addresses: ReadonlyMap<number, string>;
}

/** Loads cluster.conf as corosync's configuration plugin does. @throws Error with cman's own sentence when it cannot. */
export async function loadConfig(host: HostAccess, file = 'etc/cluster/cluster.conf'): Promise<LoadedConfig> {
  const text = await host.read(file);
  if (text === undefined) throw new Error(`Unable to open configuration file /${file}`);
  let config: ClusterConfig;
  try {
    config = readClusterConfig(text);
  } catch (error) {
    throw new Error(`Error parsing configuration file: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
  const self = config.nodes.find((node) => node.name === host.name || node.name.split('.')[0] === host.name || node.name === host.address);
  if (self === undefined) throw new Error('Cannot find node name in cluster.conf');
  if (!Number.isInteger(self.id) || self.id < 1) throw new Error('This node has no nodeid in cluster.conf');
  const addresses = new Map<number, string>();
  for (const node of config.nodes) {
    const address = await host.resolve(node.name);
    if (address !== undefined) addresses.set(node.id, address);
  }
  const own = addresses.get(self.id);
  if (own === undefined) throw new Error("Can't determine address family of nodename");
  if (own === '127.0.0.1' || own === '::1') {
    throw new Error('Node name resolves to localhost, please check /etc/hosts and assign this node a network IP address');
  }
  if (config.twoNode && config.nodes.length > 2) throw new Error('two_node set but there are more than 2 nodes');
  if (config.twoNode && config.nodes.some((node) => node.votes !== 1)) throw new Error('two_node set but votes not set to 1');
  return { config, selfId: self.id, addresses };
}
