import {
  type Arbitrary,
  array,
  assert,
  asyncProperty,
  constant,
  constantFrom,
  dictionary,
  integer,
  memo,
  option,
  property,
  record,
  string,
  stringMatching,
  tuple,
} from 'fast-check';
import { runs } from '../../runs.ts';
import { targetVersion, type Held } from '../../../tasks/cluster/conf-version.ts';
import { canonicalCluster, configVersion, fingerprintOf } from '../../../tasks/parse/cluster-canon.ts';
import { element, formatClusterXml, parseXml, type XmlElement } from '../../../tasks/parse/cluster-xml.ts';
import { parseCmanNodes, parseCmanStatus, parseCmanVersion, parseFenceStatus } from '../../../tasks/parse/cman.ts';
import { parseClusvcadm } from '../../../tasks/parse/clusvcadm.ts';

const word = stringMatching(/^[a-z_][a-z0-9_.-]{0,8}$/);
const value = string({ unit: constantFrom('a', '0', ' ', '<', '>', '&', '"', "'", '\n', '\t', 'é', '/'), maxLength: 12 });
const kind = constantFrom('service', 'ip', 'rm', 'method', 'clusternode', 'fencedevices');
const tree: (depth?: number) => Arbitrary<XmlElement> = memo<XmlElement>((depth) =>
  tuple(kind, dictionary(word, value, { maxKeys: 3, noNullPrototype: true }), depth > 1 ? array(tree(), { maxLength: 3 }) : constant([] as XmlElement[])).map(
    ([name, attributes, children]) => element(name, attributes, children),
  ),
);

async function rootOf(text: string): Promise<XmlElement> {
  const result = await parseXml(text);
  if ('error' in result) throw new Error(`${result.error} in line ${result.line} of\n${text}`);
  return result.root;
}

test('what is written is read again, every character of it', async () => {
  await assert(
    asyncProperty(tree(4), async (root) => {
      expect(await rootOf(formatClusterXml(root))).toEqual(root);
    }),
    runs(60),
  );
});

test('comments and texts survive', async () => {
  const root = await rootOf('<?xml version="1.0"?><!-- before --><cluster name="a"><!-- in --><custom>some <![CDATA[<text>]]></custom></cluster>');
  expect(formatClusterXml(root)).toBe(
    '<?xml version="1.0"?>\n<cluster name="a">\n\n  <!-- in -->\n  <custom>\n    some\n    &lt;text&gt;\n  </custom>\n</cluster>\n',
  );
});

test.each([
  ['< rm >', '<a>\n< rm >\n</a>', 2],
  ['an attribute without quotes', '<a x=1/>', 1],
  ['an end that is missing', '<a><b></a>', 1],
  ['nothing', '', 0],
  ['no markup', 'hello', 0],
])('%s is not well-formed', async (_, text, line) => {
  expect(await parseXml(text)).toMatchObject({ error: expect.any(String), line });
});

test.each([
  [
    'the order of attributes',
    '<cluster name="c" config_version="1"><cman two_node="1" expected_votes="1"/></cluster>',
    '<cluster config_version="9" name="c"><cman expected_votes="1" two_node="1"/></cluster>',
    true,
  ],
  [
    'the order of nodes',
    '<cluster><clusternodes><clusternode name="a"/><clusternode name="b"/></clusternodes></cluster>',
    '<cluster><clusternodes><clusternode name="b"/><clusternode name="a"/></clusternodes></cluster>',
    true,
  ],
  ['empty groups', '<cluster><rm><resources/></rm><fencedevices/></cluster>', '<cluster/>', true],
  ['comments', '<cluster><!-- x --></cluster>', '<cluster/>', true],
  [
    'the order inside a service',
    '<cluster><rm><service name="s"><ip address="a"/><ip address="b"/></service></rm></cluster>',
    '<cluster><rm><service name="s"><ip address="b"/><ip address="a"/></service></rm></cluster>',
    false,
  ],
  [
    'the order of fence methods',
    '<cluster><clusternodes><clusternode name="a"><fence><method name="1"/><method name="2"/></fence></clusternode></clusternodes></cluster>',
    '<cluster><clusternodes><clusternode name="a"><fence><method name="2"/><method name="1"/></fence></clusternode></clusternodes></cluster>',
    false,
  ],
  ['a value', '<cluster name="a"/>', '<cluster name="b"/>', false],
  ['an empty service', '<cluster><rm><service name="s"/></rm></cluster>', '<cluster><rm/></cluster>', false],
])('%s', async (_, one, two, same) => {
  const [a, b] = [await rootOf(one), await rootOf(two)];
  expect(canonicalCluster(a) === canonicalCluster(b)).toBe(same);
  expect(fingerprintOf(a) === fingerprintOf(b)).toBe(same);
});

test('config_version is a number or nothing', async () => {
  expect(configVersion(await rootOf('<cluster config_version="12"/>'))).toBe(12);
  expect(configVersion(await rootOf('<cluster config_version="abc"/>'))).toBeUndefined();
  expect(configVersion(undefined)).toBeUndefined();
});

test('all nodes that know of each other choose one version, above what runs when anything changes, and then rest', () => {
  const held = option(record({ version: integer({ min: 1, max: 5 }), fingerprint: constantFrom<string>('new', 'old', 'older') }), {
    nil: undefined,
  }) as Arbitrary<Held | undefined>;
  assert(
    property(array(held, { minLength: 1, maxLength: 4 }), integer({ min: 0, max: 5 }), (files, running) => {
      const known = files.filter((file): file is Held => file !== undefined);
      const others = (index: number): Held[] => files.filter((file, at): file is Held => at !== index && file !== undefined);
      const choose = (own: Held | undefined, peers: readonly Held[]): number =>
        targetVersion({ wanted: 'new', own, running, params: { peers: peers.map((peer) => ({ ...peer })), peers_versions: [], at_least: 0 } });
      const chosen = files.map((own, index) => choose(own, others(index)));
      expect(new Set(chosen).size).toBe(1);
      const version = chosen[0] ?? 0;
      for (const file of known) expect(version).toBeGreaterThanOrEqual(file.version);
      if (known.some((file) => file.fingerprint !== 'new' && file.version === version)) {
        expect(known.some((file) => file.fingerprint === 'new' && file.version === version)).toBe(true);
      }
      expect(version).toBeGreaterThanOrEqual(Math.max(running, 1));
      const after = files.map(() => ({ version, fingerprint: 'new' }));
      expect(
        after.map((own, index) =>
          choose(
            own,
            after.filter((_, at) => at !== index),
          ),
        ),
      ).toEqual(files.map(() => version));
    }),
    runs(),
  );
});

function out(stdout: string, code = 0): { code: number; stdout: string; stderr: string } {
  return { code, stdout, stderr: '' };
}

test('cman_tool', () => {
  expect(parseCmanVersion(out('6.2.0 config 12\n'))).toBe(12);
  expect(parseCmanVersion(out('', 1))).toBeUndefined();
  expect(parseCmanStatus(out('Cluster Name: c\nQuorum: 2 Activity blocked\nFlags: \nPorts Bound: 0 11 177  \nNode ID: 2\nConfig Version: 3\n'))).toMatchObject({
    name: 'c',
    quorum: 2,
    quorate: false,
    flags: [],
    ports: [0, 11, 177],
    nodeId: 2,
    configVersion: 3,
  });
  expect(
    parseCmanNodes(
      out(
        'Node  Sts   Inc   Joined               Name\n   1   M      4   2011-11-22 02:32:06  n1\n  12   X      0                        n2.example\n   3   d      8   2011-11-22 02:32:06  n3\n',
      ),
    ),
  ).toEqual([
    { id: 1, name: 'n1', state: 'member', incarnation: 4, joined: '2011-11-22 02:32:06' },
    { id: 12, name: 'n2.example', state: 'absent', incarnation: 0 },
    { id: 3, name: 'n3', state: 'disallowed', incarnation: 8, joined: '2011-11-22 02:32:06' },
  ]);
  expect(
    parseFenceStatus(out('fence domain\nmember count  1\nvictim count  1\nvictim now    2\nmaster nodeid 1\nwait state    fencing\nmembers       1 \n\n')),
  ).toEqual({ members: [1], victims: 1, waiting: 'fencing' });
  expect(parseFenceStatus(out('', 1))).toBeUndefined();
});

test('clusvcadm that took another name than the one given', () => {
  expect(
    parseClusvcadm({
      code: 0,
      stdout: "'n12' not in membership list\nClosest match: 'n1'\nTrying to relocate service:IP to n1...Success\nservice:IP is now running on n1\n",
      stderr: '',
    }),
  ).toEqual({ ok: false, reason: "'n12' is no member, and clusvcadm took the closest name instead", runsOn: 'n1' });
  expect(parseClusvcadm({ code: 248, stdout: 'Trying to relocate service:IP to n2...Invalid operation for resource\n', stderr: '' })).toMatchObject({
    ok: false,
    reason: expect.stringContaining('disabled'),
  });
});
