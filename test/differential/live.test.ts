import { cases, recordings, topics } from './case.ts';
import { comparable } from './compare.ts';
import { referenceVersion, runReference } from './reference.ts';

test('the recordings are what the reference does, where it is installed', async () => {
  const version = await referenceVersion();
  if (version?.startsWith('2.14.') !== true) {
    process.stderr.write(`ansible-core 2.14 is not here (${version ?? 'none'}): the recordings were not checked against it\n`);
    return;
  }
  const sample = topics().flatMap((topic) => cases(topic).slice(0, 1)).filter((_, index) => index % 6 === 0);
  for (const each of sample) {
    const { outcome } = await runReference(each);
    expect(comparable(outcome, each)).toEqual(comparable(recordings(each.topic)[each.name]?.outcome ?? outcome, each));
  }
});
