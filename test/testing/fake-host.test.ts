import { z } from 'zod';
import { change, ABSENT } from '../../runner/task/change.ts';
import { rawCommand, sh } from '../../runner/task/command.ts';
import { defineTask } from '../../runner/task/define.ts';
import { Flag, Text, Texts, fieldsOf, params } from '../../runner/task/params.ts';
import { fakeHost } from '../../runner/testing/fake-host.ts';
import { applyTask, checkTask } from '../../runner/testing/run-task.ts';

const motd = defineTask({
  name: 'motd',
  summary: 'test',
  params: params({ text: Text.describe('text'), broken: Flag.default(false).describe('does not settle') }),
  probe: async (_, host) => String((await host.readFile('/etc/motd')) ?? ''),
  plan: ({ text, broken }, seen) => (seen === text && !broken ? [] : [change('content', seen || ABSENT, text, [{ write: { path: '/etc/motd', content: text } }])]),
});

test('a task is checked without effect, applied, and found settled', async () => {
  const host = fakeHost();
  expect(await checkTask(motd, { text: 'hi' }, host)).toMatchObject([{ aspect: 'content', after: 'hi' }]);
  expect(host.text('/etc/motd')).toBeUndefined();
  await applyTask(motd, { text: 'hi' }, host);
  expect(host.text('/etc/motd')).toBe('hi');
  expect(host.written).toEqual(['/etc/motd']);
});

test('a task that still wants changes after apply fails', async () => {
  await expect(applyTask(motd, { text: 'hi', broken: 'yes' }, fakeHost())).rejects.toThrow(/did not settle/);
});

test('an unexpected command fails with the ones that are known', async () => {
  const host = fakeHost({ commands: { 'rpm -q a': 'a-1' } });
  await expect(host.observer.read(sh`rpm -q ${'b'}`, (output) => output)).rejects.toThrow('rpm -q b\nIt knows:\n  rpm -q a');
});

test('a command answers by text or pattern, and changes the host only when run', async () => {
  const host = fakeHost({ commands: { getenforce: 'Permissive\n', '/^setenforce [01]$/': { sets: { commands: { getenforce: 'Enforcing\n' }, files: { '/x': '1' } } } } });
  await expect(host.observer.read(sh`setenforce 1`, (output) => output)).rejects.toThrow('a probe ran a command that changes the host');
  expect(await host.observer.read(sh`getenforce`, ({ stdout }) => stdout)).toBe('Permissive\n');
  await host.actuator.run(sh`setenforce 1`);
  expect(await host.observer.read(sh`getenforce`, ({ stdout }) => stdout)).toBe('Enforcing\n');
  expect(host.text('/x')).toBe('1');
  expect(host.ran).toEqual(['setenforce 1']);
});

test('plain file commands act on the fake file system', async () => {
  const host = fakeHost({ files: { '/a/f': { content: 'x', mode: '600', owner: 'bob' }, '/l': { link: 'a/f' }, '/etc/passwd': 'bob:x:500:500::/home/bob:/bin/sh\n' } });
  await host.actuator.run(rawCommand(`mkdir -p '/b/it'\\''s' && chmod u+x,g=r /l; ln -s /l /m && ln /a/f /hard && touch /b/t`));
  expect(await host.observer.stat('/m', { follow: true })).toMatchObject({ type: 'file', mode: '0740', uid: 500, owner: 'bob', links: 2 });
  expect(await host.observer.stat('/m')).toMatchObject({ type: 'link', target: '/l' });
  expect(await host.observer.stat("/b/it's")).toMatchObject({ type: 'directory', mode: '0755' });
  await host.actuator.write({ path: '/m', content: 'new', backup: true });
  expect(host.text('/a/f')).toBe('new');
  expect(await host.observer.stat('/l')).toMatchObject({ type: 'link' });
  await expect(host.actuator.write({ path: '/no/x', content: '' })).rejects.toThrow('does not exist');
  await expect(host.actuator.run(rawCommand('ls /b | wc -l'))).rejects.toThrow('does not mention');
  await expect(host.actuator.run(rawCommand('chmod 600 /nope'))).rejects.toThrow('exit code 1');
});

test('parameters take aliases, nulls as missing, and name what is doubled', () => {
  const schema = params({ path: Text.meta({ aliases: ['dest', 'name'] }).describe('p'), force: Flag.default(false), items: Texts.optional() });
  expect(schema.parse({ dest: '/x', force: 'yes', items: 'a, b' })).toEqual({ path: '/x', force: true, items: ['a', 'b'] });
  expect(schema.parse({ name: 5, force: null })).toEqual({ path: '5', force: false });
  expect(() => schema.parse({ path: '/x', dest: '/y' })).toThrow("'path' is given twice");
  expect(() => schema.parse({ path: '/x', nope: 1 })).toThrow(/nrecognized/);
  expect(Object.keys(fieldsOf(schema.refine(() => true)))).toEqual(['path', 'force', 'items']);
  expect(z.toJSONSchema(schema, { io: 'input' })).toMatchObject({ type: 'object', required: ['path'] });
});
