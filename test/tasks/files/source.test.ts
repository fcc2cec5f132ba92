import { fakeController } from '../../../runner/testing/fake-controller.ts';
import { readSource } from '../../../tasks/files/common/source.ts';

test('what is left out of a folder is never read', async () => {
  const controller = fakeController({ files: { 'files/site/a': 'A', 'files/site/.git/pack': 'P', 'files/site/d/b': 'B' } });
  const read: string[] = [];
  const watched = { ...controller, readFile: (path: string) => (read.push(path), controller.readFile(path)) };
  const source = await readSource('site', watched, (relative) => !relative.includes('.git'));
  expect(source.files.map(({ relative }) => relative).sort()).toEqual(['site/a', 'site/d/b']);
  expect(source.folders).toEqual(['site', 'site/d']);
  expect(read.filter((path) => path.includes('.git'))).toEqual([]);
});
