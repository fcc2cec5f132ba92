import { play } from '../engine/harness.ts';
import { fences, pages } from './pages.ts';

test('the example of docs/check-mode.md is answered as the page says', async () => {
  const page = pages().find(({ path }) => path === 'docs/check-mode.md');
  const [example] = page ? fences(page).filter(({ kind }) => kind === 'yaml') : [];
  const { story, hosts } = await play({ settings: { check: true, diff: true }, playbook: (example?.code ?? '').replace('hosts: web', 'hosts: h1') });
  expect(story.map((line) => line.split(': ').at(-1))).toEqual(['changed', 'changed', 'changed', 'undetermined', 'undetermined']);
  expect(hosts['h1']?.text('/srv/app/app.conf')).toBeUndefined();
});
