import { assert, constantFrom, property, string, array } from 'fast-check';
import { loadInventory } from '../../runner/inventory/load.ts';
import type { Inventory } from '../../runner/inventory/model.ts';
import { showList } from '../../runner/inventory/show.ts';
import { hostLayers } from '../../runner/inventory/vars.ts';
import { problem } from '../../runner/source/diagnostic.ts';
import { formatDiagnostic } from '../../runner/source/excerpt.ts';
import { TemplateText } from '../../runner/template/tree.ts';
import { memoryFiles, type Files } from './memory-files.ts';
import { runs } from '../runs.ts';

const environment = { filters: new Map(), tests: new Map(), globals: new Map(), lookups: new Map() };

function load(files: Files, sources = ['inv/hosts'], decrypt?: (text: string) => string): { inventory: Inventory; messages: string[] } {
  const { inventory, diagnostics } = loadInventory(sources, { files: memoryFiles(files), cwd: '/w', environment, ...(decrypt && { decrypt }) });
  return { inventory, messages: diagnostics.map(formatDiagnostic) };
}

const vars = (inventory: Inventory, host: string): Record<string, unknown> => {
  const { inventory_file: _file, inventory_dir: _dir, ...own } = Object.fromEntries(hostLayers(inventory, host).flatMap((layer) => [...layer.vars]));
  return own;
};

test('every mistake of an INI file is shown in its place, and the rest is read', () => {
  const { inventory, messages } = load({
    '/w/inv/hosts': [
      '[web]', 'ok a=1', 'one two=2 three', "quote x='", 'bad[1:', '[web:chlidren]', 'db', '[web :vars]', '[web:children]', 'dbs', '[db]', 'd1',
      '[loop:children]', 'loop', '[nowhere:vars]', 'x=1', 'novalue', '[web:vars]', 'ansible_group_priority=high', '[my-group]', '[last]', 'fine',
    ].join('\n'),
  });
  expect(messages.join('\n\n')).toMatchSnapshot();
  expect([...inventory.hosts.keys()]).toEqual(['ok', 'd1', 'fine']);
});

test('every mistake of a YAML file is shown in its place', () => {
  const { messages } = load(
    {
      '/w/inv/hosts.yml': [
        'all:', '  hosts:', '    h1: 5', '    7:', '    "x[3:": ', '  children:', '    a:', '      children: {b: {children: {a: }}}', '    c: [h1]', '    d:', '      hosts: [h1]',
        '      host: h2', '    5: {}', '    e: {vars: {ansible_group_priority: x}}',
      ].join('\n'),
    },
    ['inv/hosts.yml'],
  );
  expect(messages.join('\n\n')).toMatchSnapshot();
});

test('every mistake of a TOML file is shown in its place; templates, dates and what is no group are understood', () => {
  const { inventory, messages } = load(
    {
      '/w/inv/hosts.toml': [
        'loose = 1', '[a]', 'children = ["b", "a", 7]', 'hosts = ["h1"]', 'vars = 3', 'host = {}', '[b.children]', '[c.hosts]', 'h1 = 5', '"x[3:" = {}', 'h2 = { t = "{{ x }}", d = 2020-01-02T03:04:05Z }',
        '[d.vars]', 'ansible_group_priority = "high"',
      ].join('\n'),
      '/w/inv/empty.toml': '# nothing', '/w/inv/plugin.toml': 'plugin = "constructed"',
    },
    ['inv/hosts.toml', 'inv/empty.toml', 'inv/plugin.toml'],
  );
  expect(messages.join('\n\n')).toMatchSnapshot();
  expect(vars(inventory, 'h2')).toEqual({ t: expect.any(TemplateText) as TemplateText, d: '2020-01-02T03:04:05+00:00' });
});

test('sources that cannot be used say why', () => {
  const files = { '/w/inv/hosts': 'h', '/w/x.toml': '[a]\nb =\n', '/w/list.yml': '- a', '/w/plug.yml': 'plugin: aws_ec2', '/w/script': '#!/bin/sh\n', '/w/broken.yml': 'a: [' };
  const { messages } = load(files, ['inv/host', 'x.toml', 'list.yml', 'plug.yml', 'script', 'broken.yml']);
  expect(messages.join('\n\n')).toMatchSnapshot();
});

test('a template knows where it stands, through quotes and lists', () => {
  const text = 'h plain={{x}} quoted="{{ y }} z"\n[ungrouped:vars]\nlist = [1, "a {{ w }}"]\n';
  const { inventory } = load({ '/w/inv/hosts': text });
  const at = (value: unknown): string => {
    if (!(value instanceof TemplateText)) throw new Error('no template');
    const start = value.origin.at(0);
    return text.slice(start, start + value.text.length);
  };
  const { plain, quoted, list } = vars(inventory, 'h');
  expect([plain, quoted, (list as unknown[])[1]].map(at)).toEqual(['{{x}}', '{{ y }} z', 'a {{ w }}']);
});

test('a script gives groups of every form, and is asked host by host without _meta', () => {
  const asked: string[] = [];
  const { inventory, messages } = load({
    '/w/inv/hosts': (args) => {
      asked.push(args.join(' '));
      if (args[0] === '--host') return { stdout: args[1] === 'h1' ? '{"a": "{{ b }}", "n": 1}' : '' };
      return { stdout: JSON.stringify({ web: ['h1'], db: { hosts: ['h2'], vars: { v: 1 }, children: ['web'] }, solo: { x: 1 } }) };
    },
  });
  expect(messages).toEqual([expect.stringContaining("'solo' is both a group and a host")]);
  expect(asked).toEqual(['--list', '--host h1', '--host h2', '--host solo']);
  expect(vars(inventory, 'h1')).toEqual({ a: expect.any(TemplateText), n: 1, v: 1 });
  expect(vars(inventory, 'solo')).toEqual({ x: 1 });
});

test('a script with _meta is run once', () => {
  let runs = 0;
  const { inventory } = load({
    '/w/inv/hosts': () => {
      runs++;
      return { stdout: '{"_meta": {"hostvars": {"h1": {"a": [1, {"b": null}]}}}, "g": {"hosts": ["h1"]}}' };
    },
  });
  expect(runs).toBe(1);
  expect(vars(inventory, 'h1')).toEqual({ a: [1, new Map([['b', null]])] });
});

test('a failing script is told with its exit code and what it said', () => {
  expect(load({ '/w/inv/hosts': () => ({ code: 3, stderr: 'no credentials\n' }) }).messages.join()).toMatch(/--list ended with exit code 3; it wrote: no credentials/);
  expect(load({ '/w/inv/hosts': () => ({ stdout: 'oops', stderr: 'trace' }) }).messages.join()).toMatch(/printed no JSON .*it wrote: trace/);
});

test('a host list may have ports and ranges', () => {
  const { inventory } = load({}, ['a:2222, web[1:2] ,[::1]:22,odd_,']);
  expect([...inventory.hosts.keys()]).toEqual(['a', 'web1', 'web2', '::1', 'odd_']);
  expect(vars(inventory, 'a')).toEqual({ ansible_port: 2222 });
});

test('a vaulted file of variables is decrypted, and never shown', () => {
  const files = { '/w/inv/hosts': 'h', '/w/inv/host_vars/h': '$ANSIBLE_VAULT;1.1;AES256\n6162', '/w/inv/group_vars/all.yml': 'a: 1' };
  const { inventory } = load(files, undefined, () => 'password: "{{ top }}-secret"\n');
  const layer = hostLayers(inventory, 'h').find((each) => each.vaulted);
  const password = layer?.vars.get('password') as TemplateText;
  expect(password.text).toBe('{{ top }}-secret');
  const at = password.origin.at(0);
  expect(formatDiagnostic(problem('x', 'undefined', { file: password.origin.file, start: at, end: at + 3 }))).toMatch(/h:1:\d+\n.*\(encrypted\)/);
  const broken = load(files, undefined, () => 'a: 1\npassword: [secret\n').messages.join();
  expect(broken).toMatch(/host_vars\/h:\d:\d+\n.*\(encrypted\)/);
  expect(broken).not.toContain('secret');
  expect(load(files).messages.join()).toMatch(/inv\/host_vars\/h is encrypted and there is no vault password/);
});

test('an inventory may be vaulted itself', () => {
  const { inventory, messages } = load({ '/w/inv/hosts': '$ANSIBLE_VAULT;1.1;AES256\n6162' }, undefined, () => '[web]\nh a=1\nb secret');
  expect(vars(inventory, 'h')).toEqual({ a: 1 });
  expect(messages.join()).toMatch(/inv\/hosts:3:3/);
  expect(messages.join()).not.toContain('secret');
});

test('a file that hides another one is told', () => {
  expect(load({ '/w/inv/hosts': 'h', '/w/inv/group_vars/all/x.yml': 'a: 1', '/w/inv/group_vars/all.yml': 'b: 2' }).messages.join()).toMatch(
    /inv\/group_vars\/all.yml is not read, because inv\/group_vars\/all comes before it/,
  );
});

test('any text is an inventory or a list of mistakes', () => {
  const piece = constantFrom('[', ']', 'web', ':', 'children', 'vars', '\n', '[web]\n', '[a:children]\n', ' ', '=', '"', "'", '#', ';', '\\', 'a[1:3]', '{{', ',');
  assert(property(array(piece, { maxLength: 30 }).map((pieces) => pieces.join('')), (text) => void load({ '/w/inv/hosts': text })), runs(500));
  assert(property(string({ unit: 'binary' }), (text) => void load({ '/w/inv/hosts': text, '/w/inv/group_vars/all': text })), runs());
});

test('a key that is longer than readers look ahead is exported as PyYAML writes it', () => {
  const key = (length: number): string => 'a'.repeat(length);
  const { inventory } = load({ '/w/inv/hosts': `[all:vars]\n${key(128)}=1\n${key(129)}=[1, {'b': 2}]\n${key(130)}={'b': {'c': 1}, 'x': [1]}\n` });
  expect(showList(inventory, { yaml: true, export: true }).split('vars:\n')[1]).toBe(
    `    ${key(128)}: 1\n    ? ${key(129)}\n    : - 1\n      - b: 2\n    ? ${key(130)}\n    : b:\n        c: 1\n      x:\n      - 1`,
  );
});

test('a group that is only named as a child is looked at like every other, and TOML is no deeper than the stack', () => {
  const { messages } = load({ '/w/a.yml': 'all:\n  children: web-x\n', '/w/b.toml': `[web]\nvars = { ${'a.'.repeat(3000)}a = 1 }\n` }, ['a.yml', 'b.toml']);
  expect(messages.join('\n')).toContain("the group name 'web-x' has characters that names of variables cannot have");
  expect(messages.join('\n')).toContain('tables are nested deeper than 200 levels');
  // A name that would make a regular expression too long.
  expect(() => load({ '/w/c.toml': `[web]\nchildren = ["${'{% if a %}'.repeat(3000)}"]\n` }, ['c.toml'])).not.toThrow();
});
