import { cases, recordings, topics } from './case.ts';
import { comparable, expected } from './compare.ts';
import { runProduct } from './product.ts';

describe.each(topics())('%s', (topic) => {
  const recorded = recordings(topic);
  for (const each of cases(topic)) {
    test(each.name, async () => {
      const known = recorded[each.name];
      if (known?.digest !== each.digest) throw new Error('not recorded since it was changed: npx jiti test/differential/record.ts');
      const { outcome, text } = await runProduct(each);
      try {
        expect(comparable(outcome, each)).toEqual(expected(known.outcome, each));
      } catch (error) {
        if (error instanceof Error) error.message += `\n\n${text}`;
        throw error;
      }
    });
  }
});
