import { DOMParser, type Document } from '@xmldom/xmldom';
import { junitReporter } from '../../runner/report/junit.ts';
import { textSink } from '../../runner/report/sink.ts';
import { STREAMS } from './streams.ts';

async function report(name: string): Promise<Document> {
  const sink = textSink();
  const reporter = junitReporter(sink);
  for (const event of STREAMS[name]?.events ?? []) reporter.handle(event);
  await reporter.end();
  return new DOMParser({ onError: (_level, message) => { throw new Error(message); } }).parseFromString(sink.text(), 'text/xml');
}

test.each(Object.keys(STREAMS))('is XML, with counts that are those of its cases: %s', async (name) => {
  const document = await report(name);
  for (const suite of Array.from(document.getElementsByTagName('testsuite'))) {
    for (const [attribute, element] of [['tests', 'testcase'], ['failures', 'failure'], ['errors', 'error'], ['skipped', 'skipped']] as const) {
      expect(Number(suite.getAttribute(attribute))).toBe(suite.getElementsByTagName(element).length);
    }
  }
});

test('a failure, an unreachable host and an interrupted run are told apart', async () => {
  expect((await report('a failed host')).getElementsByTagName('failure')[0]?.textContent).toContain('stderr | why it broke');
  expect((await report('an unreachable host')).getElementsByTagName('error')[0]?.getAttribute('message')).toBe('no route to host');
  expect(Array.from((await report('interrupted')).getElementsByTagName('error')).map((each) => each.getAttribute('message'))).toEqual(['the run was interrupted']);
});
