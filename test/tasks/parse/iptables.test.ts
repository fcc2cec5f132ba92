import { assert, constantFrom, property, shuffledSubarray, string } from 'fast-check';
import { parseRule, ruleLine, ruleWords } from '../../../tasks/parse/iptables-rule.ts';
import { firstRefusal, parseListing, parseSaved, verdict } from '../../../tasks/parse/iptables-table.ts';
import { runs } from '../../runs.ts';

const meaning = (line: string): string => parseRule('INPUT', ruleWords(line)).meaning;

test.each([
  ['-s 10.0.0.2 -j ACCEPT', '-s 10.0.0.2/32 -j ACCEPT'],
  ['-m tcp -p tcp --dport 22 -m state --state NEW -j ACCEPT', '-p tcp -m state --state NEW -m tcp --dport 22 -j ACCEPT'],
  ['-m state --state ESTABLISHED,RELATED -j ACCEPT', '-m state --state RELATED,ESTABLISHED -j ACCEPT'],
  ['-p udp -m multiport --destination-ports 5405,5404 -j ACCEPT', '-p udp -m multiport --dports 5404,5405 -j ACCEPT'],
  ['-s ! 10.0.0.1 -j DROP', '! -s 10.0.0.1/32 -j DROP'],
  ['-j REJECT', '-j REJECT --reject-with icmp-port-unreachable'],
  ['-p tcp -m comment --comment "a b" -j ACCEPT', '-p tcp -j ACCEPT'],
  ['-s 0/0 -d 0.0.0.0/0 -p all -j ACCEPT', '-j ACCEPT'],
  ['-s 10.1.2.3/255.255.0.0 -j ACCEPT', '-s 10.1.0.0/16 -j ACCEPT'],
])('%s is %s', (one, two) => {
  expect(meaning(one)).toBe(meaning(two));
});

test.each([
  ['-s 10.0.0.2 -j ACCEPT', '-s 10.0.0.2/24 -j ACCEPT'],
  ['-s 10.0.0.2 -j ACCEPT', '-d 10.0.0.2 -j ACCEPT'],
  ['-s 10.0.0.2 -j ACCEPT', '! -s 10.0.0.2 -j ACCEPT'],
  ['-p tcp --dport 22 -j ACCEPT', '-p tcp --sport 22 -j ACCEPT'],
  ['-p tcp --dport 22 -j ACCEPT', '-p udp --dport 22 -j ACCEPT'],
  ['-m state --state NEW -j ACCEPT', '-m conntrack --ctstate NEW -j ACCEPT'],
  ['-j REJECT', '-j REJECT --reject-with icmp-host-prohibited'],
  ['-j DROP', '-j REJECT'],
  ['-j LOG --log-prefix a', '-j LOG --log-prefix b'],
  ['-g OTHER', '-j OTHER'],
])('%s is not %s', (one, two) => {
  expect(meaning(one)).not.toBe(meaning(two));
});

test('words survive a line, whatever is in a comment', () => {
  assert(
    property(string({ unit: constantFrom('a', ' ', '"', '\\', "'", '-', '!', 'é'), minLength: 1 }), (comment) => {
      const rule = { chain: 'INPUT', words: ['-p', 'tcp', '-m', 'comment', '--comment', comment, '-j', 'ACCEPT'] };
      expect(ruleWords(ruleLine(rule))).toEqual(['-A', 'INPUT', ...rule.words]);
    }),
    runs(),
  );
});

test('the order of conditions does not count', () => {
  const parts = ['-s 10.0.0.0/8', '-d 10.1.0.0/16', '-i eth0', '-p tcp -m tcp --dport 22', '-m state --state NEW'];
  assert(
    property(shuffledSubarray(parts, { minLength: 5 }), (order) => {
      expect(meaning(`${order.join(' ')} -j ACCEPT`)).toBe(meaning(`${parts.join(' ')} -j ACCEPT`));
    }),
    runs(),
  );
});

const listing = (...rules: readonly string[]): ReturnType<typeof parseListing> => parseListing(['-P INPUT ACCEPT', ...rules].join('\n'));
const ssh = { port: '22', source: '192.168.1.10' };

test.each([
  ['nothing refuses', [], 'accepted'],
  ['its own rule first', ['-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT', '-A INPUT -j REJECT'], 'accepted'],
  ['established only', ['-A INPUT -m state --state RELATED,ESTABLISHED -j ACCEPT', '-A INPUT -j DROP'], 'refused'],
  ['loopback only', ['-A INPUT -i lo -j ACCEPT', '-A INPUT -j DROP'], 'refused'],
  ['another port', ['-A INPUT -p tcp -m tcp --dport 80 -j ACCEPT', '-A INPUT -j DROP'], 'refused'],
  ['a range of ports', ['-A INPUT -p tcp -m multiport --dports 20:30,80 -j ACCEPT', '-A INPUT -j DROP'], 'accepted'],
  ['the right network', ['-A INPUT -s 192.168.0.0/16 -j ACCEPT', '-A INPUT -j DROP'], 'accepted'],
  ['another network', ['-A INPUT -s 10.0.0.0/8 -j ACCEPT', '-A INPUT -j DROP'], 'refused'],
  ['all but a network', ['-A INPUT ! -s 10.0.0.0/8 -j ACCEPT', '-A INPUT -j DROP'], 'accepted'],
  ['an interface nobody can tell', ['-A INPUT -i eth0 -p tcp --dport 22 -j ACCEPT', '-A INPUT -j DROP'], 'accepted'],
  ['dropped on an interface nobody can tell', ['-A INPUT -i eth9 -j DROP'], 'accepted'],
  ['through a chain', ['-N SSH', '-A INPUT -p tcp -j SSH', '-A INPUT -j DROP', '-A SSH -p tcp --dport 22 -j ACCEPT'], 'accepted'],
  ['through a chain that does not decide', ['-N WEB', '-A INPUT -j WEB', '-A INPUT -j DROP', '-A WEB -p tcp --dport 80 -j ACCEPT'], 'refused'],
  ['a chain that refuses', ['-N END', '-A INPUT -j END', '-A END -j DROP'], 'refused'],
])('ssh and %s', (_, rules, wanted) => {
  expect(verdict(listing(...rules), ssh)).toBe(wanted);
});

test('a policy of DROP refuses, and a peer of nobody known is no way in', () => {
  expect(verdict(parseListing('-P INPUT DROP\n-A INPUT -p udp -j ACCEPT\n'), ssh)).toBe('refused');
  expect(verdict(listing('-A INPUT -s 10.0.0.2/32 -j ACCEPT', '-A INPUT -j DROP'), { port: '22' })).toBe('refused');
  expect(verdict(listing('-A INPUT -s 10.0.0.2/32 -p tcp --dport 22 -j ACCEPT', '-A INPUT -j DROP'), { port: '22' })).toBe('accepted');
});

test('the first refusal of a chain', () => {
  expect(firstRefusal(listing('-A INPUT -p tcp -j DROP', '-A FORWARD -j DROP', '-A INPUT -j LOG', '-A INPUT -j DROP'), 'INPUT')).toBe(2);
  expect(firstRefusal(listing('-A INPUT -p tcp -j DROP'), 'INPUT')).toBe(1);
  expect(firstRefusal(listing(), 'INPUT')).toBe(0);
});

test('tables of a file are told apart, counters and comments are passed over', () => {
  const text = '# saved\n*nat\n:INPUT ACCEPT [0:0]\n-A INPUT -j ACCEPT\nCOMMIT\n*filter\n:INPUT DROP [3:4]\n# note\n[1:2] -A INPUT -p igmp -j ACCEPT\nCOMMIT\n';
  const table = parseSaved(text);
  expect(table).toMatchObject({ lines: [8], end: 9, rules: [{ target: 'ACCEPT', chain: 'INPUT' }] });
  expect(table?.policies.get('INPUT')).toBe('DROP');
  expect(parseSaved(text, 'mangle')).toBeUndefined();
});
