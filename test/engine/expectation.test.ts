import { Expectation, mayMatter, type Touched } from '../../runner/engine/call/expectation.ts';
import { ABSENT, change, type Step } from '../../runner/task/change.ts';
import { sh } from '../../runner/task/command.ts';
import { fakeHost } from '../../runner/testing/fake-host.ts';

const spec = { files: { '/etc/passwd': 'root:x:0:0:root:/root:/bin/sh\nann:x:1000:1000::/home/ann:/bin/sh\n', '/etc/group': 'root:x:0:\nann:x:1000:\n', '/srv/old': { content: 'old', owner: 'root', group: 'root' }, '/etc/nsswitch.conf': 'x' } };
const taken = async (...steps: readonly Step[]): Promise<{ expectation: Expectation; touched: Touched | undefined }> => {
  const expectation = new Expectation(fakeHost(spec).observer);
  return { expectation, touched: await expectation.take([change('x', ABSENT, 'y', steps)]) };
};
const write = (path: string, more = {}): Step => ({ write: { path, content: 'new', ...more } });
const run = (command: ReturnType<typeof sh>): Step => ({ run: command });

test.each<[string, Step]>([
  ['a command nobody knows', run(sh`systemctl restart x`)],
  ['a command with more of the shell in it', run(sh`mkdir /srv/a || mkdir /srv/b`)],
  ['standard input', run(sh`mkdir /srv/a`.with({ stdin: 'x' }))],
  ['a validation', write('/srv/old', { validate: 'true %s' })],
  ['a backup', write('/srv/old', { backup: true })],
  ['a folder that is missing', write('/nowhere/f')],
  ['a folder removed with all in it', { remove: '/srv' }],
  ['a path that has to be worked out', write('/srv/../srv/f')],
  ['attributes of nothing', run(sh`chmod 0644 /srv/none`)],
  ['a user whose home is said elsewhere', run(sh`useradd -m bob`)],
  ['a user who is changed', run(sh`usermod -s /bin/sh ann`)],
  ['waiting', { wait: { until: sh`true`, description: 'x', timeout: 1, interval: 1 } }],
])('what comes of it is not certain: %s', async (_what, step) => {
  expect((await taken(step)).touched).toBeUndefined();
});

test('files are told as they will be', async () => {
  const { expectation: { observer } } = await taken(run(sh`install -d -m 0750 -o root -g root /srv/d`), write('/srv/d/f', { mode: '0600', owner: 'root', group: 'root' }), run(sh`ln -sfn /srv/d/f /srv/l`), { remove: '/srv/old' });
  expect(await observer.stat('/srv/d')).toMatchObject({ type: 'directory', mode: '0750', owner: 'root', uid: 0 });
  expect(await observer.stat('/srv/l', { follow: true })).toMatchObject({ type: 'file', mode: '0600', group: 'root', gid: 0, size: 3 });
  expect([(await observer.readFile('/srv/l'))?.toString(), await observer.stat('/srv/old'), await observer.stat('/srv/d/none')]).toEqual(['new', null, null]);
});

test.each<[string, Step, (stat: { mode: string; owner: string; mtime: number }) => unknown]>([
  ['the owner of a new file that nobody gave one', write('/srv/f'), ({ owner }) => owner],
  ['a mode that is being changed', run(sh`chmod 0600 /srv/f`), ({ mode }) => mode],
  ['when it was changed', write('/srv/f', { owner: 'root', group: 'root' }), ({ mtime }) => mtime],
])('what is not certain is not told: %s', async (_what, step, ask) => {
  const { expectation } = await taken(write('/srv/f'), step);
  const stat = await expectation.observer.stat('/srv/f');
  expect(stat?.type).toBe('file');
  expect(() => ask(stat!)).toThrow('not certain');
});

test('what is below a link that is made, what commands say and files of accounts are not told', async () => {
  const { observer } = (await taken(run(sh`ln -sfn /etc /srv/l`), run(sh`groupadd -g 7 app`))).expectation;
  for (const asked of [observer.stat('/srv/l/passwd'), observer.read(sh`cat /srv/old`, () => 1), observer.readFile('/etc/group'), observer.system()]) await expect(asked).rejects.toThrow();
});

test('of a new account it is known that it is there, and nothing else', async () => {
  const { expectation: { observer } } = await taken(run(sh`groupadd -g 7 app`), run(sh`useradd -u 7 -g app -M app`));
  const entry = await observer.getent('group', 'app');
  expect(entry).not.toBeNull();
  expect(() => entry?.[2]).toThrow('not certain');
  expect([(await observer.getent('passwd', 'ann'))?.[2], await observer.getent('passwd', 'bob')]).toEqual(['1000', null]);
});

test('once it is touched where accounts come from, nobody can say what they are', async () => {
  const { observer } = (await taken(write('/etc/nsswitch.conf'))).expectation;
  await expect(observer.getent('passwd', 'ann')).rejects.toThrow('not certain');
  expect((await (await taken(write('/srv/f'))).expectation.observer.getent('passwd', 'ann'))?.[0]).toBe('ann');
});

test.each<[string, Step, string, boolean]>([
  ['a file', write('/srv/old'), '/srv/old', true],
  ['a link', run(sh`ln -sfn /etc /srv/a`), '/srv/a/b', true],
  ['a file', write('/srv/old'), '/srv/older', false],
  ['a file', write('/srv/old'), '/srv', false],
  ['a user', run(sh`useradd -g ann -M bob`), 'passwd bob', true],
  ['a user', run(sh`useradd -g ann -m -d /var/lib/bob bob`), 'passwd ann', false],
  ['a user', run(sh`useradd -g ann -m -d /var/lib/bob bob`), '/var/lib/bob/x', true],
  ['a group', run(sh`groupadd app`), '/etc/group', true],
  ['where accounts come from', write('/etc/nsswitch.conf'), 'passwd ann', true],
  ['more accounts', run(sh`install -d -m 0755 -o root -g root /var/lib/extrausers`), 'group x', true],
  ['another file', write('/etc/motd'), 'passwd ann', false],
])('%s is touched: %j matters to who looked at %s: %s', async (_what, step, asked, matters) => {
  const { touched } = await taken(step);
  expect(touched && mayMatter(touched, asked)).toBe(matters);
});
