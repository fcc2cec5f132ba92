import { cases, recordings, topics } from './case.ts';
import { comparable, expected } from './compare.ts';
import { runProduct } from './product.ts';

const ways = [['', []], [' (without lookahead)', ['--no-lookahead']]] as const;

// Looking ahead may cost or save time; it must never be seen in what comes out.
describe.each(topics().flatMap((topic) => ways.map(([how, words]) => [`${topic}${how}`, topic, words] as const)))('%s', (_name, topic, words) => {
  const recorded = recordings(topic);
  for (const each of cases(topic)) {
    test(each.name, async () => {
      const known = recorded[each.name];
      if (known?.digest !== each.digest) throw new Error('not recorded since it was changed: npx jiti test/differential/record.ts');
      const { outcome, text } = await runProduct(each, words);
      try {
        expect(comparable(outcome, each)).toEqual(expected(known.outcome, each));
      } catch (error) {
        if (error instanceof Error) error.message += `\n\n${text}`;
        throw error;
      }
    });
  }
});
