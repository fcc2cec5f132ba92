import { applyTask, checkTask, fakeHost } from 'rollcall/testing';
import motd from './tasks/motd.ts';

test('check says what would change and writes nothing', async () => {
  const host = fakeHost({ files: { '/etc/motd': 'Welcome\n' } });
  const changes = await checkTask(motd, { text: 'Hands off' }, host);
  expect(changes).toMatchObject([{ aspect: 'content', before: 'Welcome\n', after: 'Hands off\n' }]);
  expect(host.written).toEqual([]);
});

test('apply settles: afterwards there is nothing left to do', async () => {
  const host = fakeHost();
  await applyTask(motd, { text: 'Hands off' }, host);
  expect(host.text('/etc/motd')).toBe('Hands off\n');
  expect(await checkTask(motd, { text: 'Hands off' }, host)).toEqual([]);
});

test('a parameter that does not exist is refused', async () => {
  await expect(checkTask(motd, { text: 'x', txt: 'y' }, fakeHost())).rejects.toThrow('txt');
});
