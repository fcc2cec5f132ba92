import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { isSatisfied, joinRequirements, parsePipFreeze, parseRequirement, parseRequirementsFile } from '../../../tasks/parse/python-requirement.ts';
import { satisfiesPythonVersion } from '../../../tasks/parse/python-version.ts';

const table = parse(readFileSync(new URL('python-versions.yml', import.meta.url), 'utf8'), { schema: 'failsafe' }) as { readonly versions: readonly string[]; readonly specifiers: Readonly<Record<string, readonly string[]>> };

test.each(Object.entries(table.specifiers))('%s takes what it takes in Python', (specifier, taken) => {
  const [, operator = '', wanted = ''] = /^([=!<>~]+)(.*)$/.exec(specifier) ?? [];
  expect(table.versions.filter((version) => satisfiesPythonVersion(version, operator, wanted))).toEqual(taken);
});

test('what is no version satisfies nothing', () => {
  expect(satisfiesPythonVersion('', '>=', '1')).toBe(false);
  expect(satisfiesPythonVersion('1.0', '>=', 'one')).toBe(false);
});

test.each([
  ['Django[argon2]>=4,<5', { name: 'django', specifiers: [['>=', '4'], ['<', '5']] }],
  ['zope.interface (==5.0)', { name: 'zope-interface', specifiers: [['==', '5.0']] }],
  ['git+https://git.example.org/a.git@v1#egg=My_App', { name: 'my-app', specifiers: [] }],
  ['my_app @ https://example.org/my_app.tar.gz', { name: 'my-app', specifiers: [] }],
  ['/srv/wheels/my_app-1.2-py3-none-any.whl', { name: 'my-app', specifiers: [['==', '1.2']] }],
  ['./here', { specifiers: [] }],
  ['https://example.org/x.tar.gz', { specifiers: [] }],
  ["tomli>=1; python_version < '3.11'", { name: 'tomli', specifiers: [['>=', '1']] }],
])('%s', (text, wanted) => expect(parseRequirement(text)).toEqual({ text, ...wanted }));

test('specifiers that a comma tore apart belong to the name before them', () => {
  expect(joinRequirements(['django>1.11.1', '<1.11.3', 'x[a', 'b]>1', 'y,z'])).toEqual(['django>1.11.1,<1.11.3', 'x[a,b]>1', 'y', 'z']);
});

test('a requirements file: options and comments aside, the rest as pip reads it', () => {
  const text = '# c\n-i https://x\nflask # web\n--find-links /x\n-r other.txt\nrequests \\\n  >=2\n';
  expect(parseRequirementsFile(text).map(({ name, specifiers }) => [name, specifiers])).toEqual([['flask', []], [undefined, []], ['requests', [['>=', '2']]]]);
});

test('what pip tells of installed distributions', () => {
  const installed = parsePipFreeze('Flask_Login==0.6\n-e git+https://x/y.git@abc#egg=Own.App\nother @ file:///tmp/o\n## a comment\n');
  expect([...installed]).toEqual([['flask-login', '0.6'], ['own-app', ''], ['other', '']]);
  expect(isSatisfied(parseRequirement('own_app'), installed)).toBe(true);
  expect(isSatisfied(parseRequirement('nothere'), installed)).toBe(false);
  expect(isSatisfied(parseRequirement("nothere; sys_platform == 'win32'"), installed)).toBeUndefined();
});
