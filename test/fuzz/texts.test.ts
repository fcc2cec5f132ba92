import * as fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseExtraVars } from '../../runner/cli/load/extra-vars.ts';
import { readConfig } from '../../runner/config/config.ts';
import { showConfig } from '../../runner/config/show.ts';
import { compileExpression } from '../../runner/expr/compile.ts';
import { standardEnvironment } from '../../runner/expr/environment.ts';
import { loadInventory } from '../../runner/inventory/load.ts';
import { selectHosts } from '../../runner/inventory/pattern.ts';
import { showGraph, showList } from '../../runner/inventory/show.ts';
import { parsePairs, splitArgs } from '../../runner/playbook/split-args.ts';
import { InputError } from '../../runner/source/diagnostic.ts';
import { SourceFile } from '../../runner/source/file.ts';
import { checkHandlebars } from '../../runner/template/handlebars.ts';
import { checkJinja } from '../../runner/template/jinja.ts';
import { HostFailure } from '../../runner/transport/channel.ts';
import { resolveConfig } from '../../runner/transport/ssh/config.ts';
import { judge, linesFor, parseKnownHosts } from '../../runner/transport/ssh/known-hosts.ts';
import { decryptVault, isVault, VaultError } from '../../runner/vault/vault.ts';
import { caseFiles } from '../expr/case-file.ts';
import { memoryFiles } from '../inventory/memory-files.ts';
import { runs } from '../runs.ts';
import { filesBelow, inventories, members, textsOf } from './corpus.ts';
import { mutated } from './mutate.ts';
import { orRefused, shown } from './refusal.ts';

const environment = standardEnvironment();
const read = (path: string): string => readFileSync(path, 'utf8');
const expressions = caseFiles(join(import.meta.dirname, '../expr/cases')).flatMap(([, { cases }]) => cases.map(({ expr }) => expr));

/** Every kind of text that somebody writes, real ones of it, and what reads it. */
interface Kind {
  readonly texts: readonly string[];
  readonly read: (text: string) => unknown;
  readonly tries?: number;
}

function inventory(name: string, beside: Readonly<Record<string, string>> = {}): (text: string) => void {
  return (text) => {
    const loaded = loadInventory([name], { files: memoryFiles({ ...beside, [`/w/${name}`]: text }), cwd: '/w', environment });
    shown(loaded.diagnostics);
    // What could be read is usable.
    if (!loaded.diagnostics.some((each) => each.severity === 'error')) for (const options of [{}, { yaml: true }, { toml: true }]) showList(loaded.inventory, options);
    showGraph(loaded.inventory);
  };
}

const groups = loadInventory(['hosts'], { files: memoryFiles({ '/w/hosts': 'h0\n[web]\nweb[1:5]\n[db]\ndb1\ndb2\n[site:children]\nweb\ndb\n' }), cwd: '/w', environment }).inventory;
const patterns = [...members('inventory/patterns/cases.json', 'pattern'), ...members('inventory/patterns/cases.json', 'limit')];
const pairs = (JSON.parse(read(join(import.meta.dirname, '../playbook/split-args.cases.json'))) as readonly (readonly [string])[]).map(([text]) => text);
const SSH_CONFIG = 'Include more/*.conf\nhost web? !web3\n\tHostName=%h.example.com\n\tPort 2201\n\tIdentityFile "/keys/with space"\nMatch host 10.0.0.9 user dba\n  IdentitiesOnly yes\nMatch originalhost h !user x exec "true"\n  ConnectTimeout 9\nHost *\n  ProxyJump a,b@c:22\n  User me # not me\n';
const KNOWN_HOSTS = "h,10.0.0.1 ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ\n@revoked * ssh-rsa AAAAB3NzaC1yc2E=\n@cert-authority *.example.com ssh-rsa AAAA\n|1|JfKTdBh7rNbXkVAQCRp4OQoPfmI=|USECr3SWf1JUPsms5AqfD5QfxkM= ssh-rsa AAAA1234 comment\n[h]:2222 ecdsa-sha2-nistp256 AAAA\n# h\n\n";
const CFG = '[defaults]\nforks = 7 ; few\nroles_path = roles:~/r:$EXTRA/roles\nvault_identity_list = dev@a,\n  prod@b\nhost_key_checking = False\nremote_user: "two words"\nprivate_key_file = {{CWD}}/key\n# x\n[privilege_escalation]\nbecome = yes\n[ssh_connection]\nssh_args = -o ControlMaster=auto -o Port=2\nretries=3\n[inventory]\nenable_plugins = ini, yaml\n';

const KINDS: Readonly<Record<string, Kind>> = {
  'INI inventory': { texts: [...inventories(/\/hosts$|\/inv\/[^.]*$/), ...textsOf(/^\/w\/hosts$/)], read: inventory('hosts') },
  'YAML inventory': { texts: inventories(/\.ya?ml$/), read: inventory('hosts.yml', { '/w/base': 'a\nb x=1\n' }) },
  'TOML inventory': { texts: inventories(/\.toml$/), read: inventory('hosts.toml') },
  'host list': { texts: ['a,b,c', 'web[1:3],db,', '10.0.0.1:22,[::1]:22,'], read: (text) => shown(loadInventory([text], { files: memoryFiles({}), cwd: '/w', environment }).diagnostics) },
  'file of variables': { texts: [...textsOf(/(?:group|host)_vars|\/vars\/|\/defaults\//), ...inventories(/_vars\//)], read: (text) => inventory('hosts', { '/w/group_vars/all.yml': text })('h1\n') },
  'host pattern': { texts: patterns, read: (text) => selectHosts(groups, text) },
  'limit expression': { texts: [...patterns, '@retry', 'web:&@retry'], read: (text) => selectHosts(groups, 'all', { limit: text, readFile: () => text }) },
  'key=value arguments': { texts: pairs, read: (text) => [splitArgs(text), parsePairs(text)], tries: 600 },
  'extra variables': { texts: ['a=1 b="two words"', '{"a": [1, {"b": "{{ c }}"}]}', '@vars.yml', '[1]', ...pairs], read: (text) => shown(parseExtraVars([text], memoryFiles({ '/w/vars.yml': text }), { cwd: '/w' }).diagnostics), tries: 400 },
  expression: { texts: expressions, read: (text) => compileExpression(text, { file: new SourceFile('e', text), at: (offset) => offset }, environment, 'template'), tries: 1500 },
  condition: { texts: expressions, read: (text) => compileExpression(text, { file: new SourceFile('e', text), at: (offset) => offset }, environment, 'condition'), tries: 1500 },
  'Jinja template': { texts: [...members('template/jinja-cases.json', 'text'), ...textsOf(/\.j2$/)], read: (text) => checkJinja(text, 't.j2', environment), tries: 1200 },
  'Handlebars template': {
    texts: ['{{#each list}}{{@index}}={{this}};{{else}}none{{/each}}', '{{#if (version v "2.0" ">=")}}new{{else if (eq a 1)}}x{{else}}old{{/if}}', '{{upper (join list "-" attribute="n")}}{{!-- c --}}{{{raw}}}', '{{#with d as |x|}}{{x.y.[0]}}{{/with}}\n  {{~name~}}\n', '\\{{no}} {{lookup d "x"}} {{&z}}', ...textsOf(/\.hbs$/)],
    read: (text) => checkHandlebars(text, 't.hbs', environment), tries: 600,
  },
  'ansible.cfg': { texts: [CFG, ...textsOf(/\.cfg$/)], read: (text) => {
    const config = readConfig({ files: memoryFiles({ '/w/ansible.cfg': text }), env: {}, cwd: '/w', home: '/h', isWorldWritable: () => false });
    shown(config.diagnostics);
    showConfig(config, { onlyChanged: false });
  }, tries: 400 },
  known_hosts: { texts: [KNOWN_HOSTS], read: (text) => judge(linesFor(parseKnownHosts(text, 'k'), 'h'), Buffer.from('AAAAC3NzaC1lZDI1NTE5AAAAIJ', 'base64')), tries: 400 },
};

test.each(Object.keys(KINDS))('%s: read or refused, whatever is in it', (name) => {
  const { texts, read: reading, tries = 250 } = KINDS[name]!;
  expect(texts.length).toBeGreaterThan(0);
  fc.assert(fc.property(mutated(texts), (text) => void orRefused(() => reading(text))), runs(tries));
});

test('ssh_config: read, whatever is in it', async () => {
  const query = { host: 'web1', localUser: 'me', home: '/nonexistent' };
  await fc.assert(fc.asyncProperty(mutated([SSH_CONFIG]), async (text) => {
    try {
      await resolveConfig(['/c'], query, (path) => (path === '/c' ? text : undefined));
    } catch (error) {
      if (!(error instanceof HostFailure)) throw error;
    }
  }), runs(300));
});

test('an ssh_config that OpenSSH would refuse is the failure of a host, with its path', async () => {
  const asked = resolveConfig(['/c'], { host: 'h', localUser: 'me', home: '/h' }, () => 'Match host a user\n');
  await expect(asked).rejects.toThrow(HostFailure);
  await expect(asked).rejects.toThrow('/c cannot be read as an ssh_config: Missing value for match criteria user');
});

test('a vault: opened or refused for what is wrong with it', () => {
  const vaults = filesBelow('vault/cases').filter((path) => path.endsWith('.vault')).map(read);
  // Another salt costs 10 ms.
  fc.assert(fc.property(mutated(vaults), (text) => {
    try {
      if (isVault(text)) decryptVault(text, [{ id: 'default', password: Buffer.from('correct horse') }]);
    } catch (error) {
      if (!(error instanceof VaultError)) throw error;
    }
  }), runs(60));
});

test.each(['constructor', '__proto__', 'toString', 'hasOwnProperty'])('%s is a word like any other', (word) => {
  const refusal = (text: string, of: (text: string) => unknown): string => {
    try {
      of(text);
    } catch (error) {
      if (error instanceof InputError) return error.message;
      throw error;
    }
    return '';
  };
  const compile = KINDS['expression']!.read;
  expect(refusal(`a ${word}`, compile)).toContain(`between 'a' and '${word}'`);
  expect(refusal(`a | ${word}`, compile)).toContain(`there is no filter '${word}'`);
  expect(refusal(`a is ${word}`, compile)).toContain(`there is no test '${word}'`);
  expect(refusal(`#jinja2: ${word}: True\n`, KINDS['Jinja template']!.read)).not.toBe('');
});
