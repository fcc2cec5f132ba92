/**
 * Records what the reference implementation does with the cases: `npx jiti test/differential/record.ts [--all] [TOPIC[/CASE]…]`.
 * Without `--all` only cases that are new or have changed since they were recorded are run.
 */
import { cases, recordings, topics, writeRecordings } from './case.ts';
import { referenceVersion, runReference } from './reference.ts';

const words = process.argv.slice(2);
const all = words.includes('--all');
const wanted = words.filter((word) => !word.startsWith('-'));
const version = await referenceVersion();
if (!version?.startsWith('2.14.')) throw new Error(`the recordings are those of ansible-core 2.14; here is ${version ?? 'none'}`);

for (const topic of topics()) {
  const known = recordings(topic);
  const present = cases(topic);
  const due = present.filter((each) => (wanted.length === 0 || wanted.includes(topic) || wanted.includes(`${topic}/${each.name}`)) && (all || known[each.name]?.digest !== each.digest));
  const kept = Object.fromEntries(Object.entries(known).filter(([name]) => present.some((each) => each.name === name)));
  const queue = [...due];
  const worker = async (): Promise<void> => {
    for (let each = queue.shift(); each; each = queue.shift()) {
      const { outcome, text } = await runReference(each);
      kept[each.name] = { digest: each.digest, outcome };
      const odd = outcome.exit === 'input' || outcome.exit === 1 || text.includes('Unexpected Exception');
      process.stdout.write(`${topic}/${each.name}: exit ${outcome.exit}${odd ? `\n${text}` : ''}\n`);
    }
  };
  await Promise.all([worker(), worker(), worker()]);
  if (due.length > 0 || Object.keys(kept).length !== Object.keys(known).length) writeRecordings(topic, kept);
}
