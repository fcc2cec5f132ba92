import { change, ABSENT } from '../../runner/task/change.ts';
import { sh } from '../../runner/task/command.ts';
import { defineTask } from '../../runner/task/define.ts';
import { TaskFailure } from '../../runner/task/failure.ts';
import { wantedMode } from '../files/common/attributes.ts';
import { configVersion, fingerprintOf } from '../parse/cluster-canon.ts';
import { parseCmanVersion } from '../parse/cman.ts';
import { childOf, childrenOf, element, formatClusterXml, parseXml, type XmlElement, type XmlResult } from '../parse/cluster-xml.ts';
import { checkCluster } from './conf-check.ts';
import { mergeCluster } from './conf-merge.ts';
import { confParams, type ConfParams } from './conf-params.ts';
import { desiredTree } from './conf-tree.ts';
import { targetVersion } from './conf-version.ts';

/** Parameters with the configuration they describe. */
interface Prepared {
  readonly params: ConfParams;
  readonly desired: XmlElement;
}

interface Seen {
  readonly text: string | null;
  /** What the file holds; absent when there is no file. */
  readonly file?: XmlResult;
  /** config_version of the running cluster. */
  readonly running: number | undefined;
  /** Whether the host can check a file itself. */
  readonly validator: boolean;
}

/** The configuration of a cman cluster. */
export default defineTask<ConfParams, Seen, Prepared>({
  name: 'cluster_conf',
  summary: 'The configuration of a cman/rgmanager cluster: nodes, fencing, failover domains, resources and services.',
  description: `Describes /etc/cluster/cluster.conf and compares by meaning: order of attributes, of nodes and of services does not count, nor does
config_version, which is raised only when something else changes, to one above the highest that is running or known (\`peers\`).
Everything the schema lets pass but cman or rgmanager trip over is refused before any host is asked; the host then checks the file with
ccs_config_validate before it replaces the old one. What the file has beside is kept (see the result's \`unmanaged\`), unless \`prune\`.
Run it on all nodes; then \`cluster_reload\` on one of them.`,
  examples: `- name: Two nodes and an address that moves
  cluster_conf:
    name: hacluster
    nodes: [n1, n2]
    rm:
      services:
        - name: IP
          recovery: relocate
          resources:
            - ip: { address: 192.168.1.100, monitor_link: "on", sleeptime: 10 }
    peers: "{{ groups['cluster'] | map('extract', hostvars, ['cluster', 'config']) | select('defined') | list }}"
`,
  params: confParams,
  volatile: true,
  prepare(params) {
    const desired = desiredTree(params);
    refuse(checkCluster(desired, { partial: !params.prune, fencing: 'optional' }));
    return { params, desired };
  },
  async probe({ params: { path } }, host) {
    const [content, running, validator] = await Promise.all([
      host.readFile(path),
      host.read(sh`cman_tool version`, parseCmanVersion),
      host.read(sh`command -v ccs_config_validate`, ({ code }) => code === 0),
    ]);
    const text = content === null ? null : content.toString();
    return { text, running, validator, ...(text !== null && { file: await parseXml(text) }) };
  },
  plan({ params, desired }, { text, file, running, validator }) {
    const { path, prune, mode, backup } = params;
    if (file && 'error' in file && !prune)
      throw new TaskFailure(
        `${path} is not well-formed (line ${file.line}: ${file.error}): what it holds beside cannot be kept; correct it, or replace it with 'prune: true'`,
      );
    const old = file && 'root' in file ? file.root : undefined;
    const { root, unmanaged } = mergeCluster(old, desired, prune);
    refuse(checkCluster(root, { partial: false, fencing: params.fencing }));
    const before = configVersion(old);
    const version = targetVersion({ wanted: fingerprintOf(root), own: old && { version: before ?? 0, fingerprint: fingerprintOf(old) }, running, params });
    if (old && version === before && fingerprintOf(old) === fingerprintOf(root)) return [];
    const { name = '', ...attributes } = root.attributes;
    const after = formatClusterXml(element('cluster', { name, config_version: String(version), ...attributes }, root.children));
    const pruned = prune && unmanaged.length > 0 ? { removes: [...unmanaged] } : {};
    const spec = {
      path,
      content: after,
      backup,
      ...(mode !== undefined ? { mode: wantedMode(mode, '0640') ?? mode } : text === null && { mode: '0640' }),
      ...(validator && { validate: 'ccs_config_validate -f %s' }),
      ...(hasSecrets(after) && { secret: true }),
    };
    return [
      change('content', text === null ? ABSENT : { config_version: before ?? null, ...pruned }, { config_version: version }, [{ write: spec }], {
        diff: { beforeLabel: path, afterLabel: path, before: masked(text ?? ''), after: masked(after) },
      }),
    ];
  },
  result({ desired, params }, { file, running }) {
    const old = file && 'root' in file ? file.root : undefined;
    const { root, unmanaged } = mergeCluster(old, desired, params.prune);
    const nodes = childrenOf(childOf(root, 'clusternodes'));
    const unfenced = nodes
      .filter((node) => !childrenOf(childOf(node, 'fence'), 'method').some((method) => childrenOf(method, 'device').length > 0))
      .map(({ attributes }) => attributes['name'] ?? '');
    return {
      config_version: configVersion(old) ?? null,
      running_version: running ?? null,
      fingerprint: fingerprintOf(root),
      unmanaged: [...unmanaged],
      unfenced,
    };
  },
});

function refuse(problems: readonly string[]): void {
  if (problems.length > 0)
    throw new TaskFailure(problems.length === 1 ? problems[0]! : `the cluster configuration is wrong:\n${problems.map((each) => `  - ${each}`).join('\n')}`, {
      problems: [...problems],
    });
}

const PASSWORD = /(\b(?:passwd|password|passwd_script|community|snmp_(?:auth|priv)_passwd)=")[^"]*"/g;

function hasSecrets(text: string): boolean {
  return text.search(PASSWORD) >= 0;
}

function masked(text: string): string {
  return text.replace(PASSWORD, '$1******"');
}
