import { EventEmitter } from 'node:events';
import { explain } from '../../runner/cli/crash.ts';
import { handleSignals } from '../../runner/cli/signals.ts';
import { Redactor } from '../../runner/event/redact.ts';
import { InputError, problem } from '../../runner/source/diagnostic.ts';

test('a bug asks for a report and holds no secret, not even in its cause', () => {
  const redactor = new Redactor();
  redactor.add('hunter22');
  const { text, exitCode } = explain(new Error('cannot send hunter22', { cause: new Error('aHVudGVyMjI= was wrong') }), redactor);
  expect(exitCode).toBe(1);
  expect(text).toContain('Please report it');
  expect(text).toMatch(/rollcall \d+\.\d+\.\d+, node v/);
  expect(text).toContain('crash.test.ts');
  expect(text).not.toMatch(/hunter22|aHVudGVyMjI/);
});

test('bad input is 5, with every diagnostic', () => {
  const { text, exitCode } = explain(new InputError([problem('a', 'first'), problem('b', 'second', undefined, 'do this')]), new Redactor());
  expect(exitCode).toBe(5);
  expect(text).toBe('error[a]: first\n\nerror[b]: second\n  fix: do this\n');
});

test('what is thrown need not be an error', () => {
  expect(explain('just text', new Redactor())).toMatchObject({ exitCode: 1, text: expect.stringContaining('just text') as string });
});

test('the first signal stops in good order, the second at once', () => {
  const controller = new AbortController();
  const said: string[] = [];
  const codes: number[] = [];
  const release = handleSignals(controller, (text) => said.push(text), (code) => codes.push(code));
  const signals: EventEmitter = process;
  signals.emit('SIGINT', 'SIGINT');
  expect(controller.signal.aborted).toBe(true);
  expect(said.join()).toContain('Ctrl-C again ends at once');
  expect(codes).toEqual([]);
  signals.emit('SIGTERM', 'SIGTERM');
  expect(codes).toEqual([130]);
  release();
  expect(process.listenerCount('SIGTERM')).toBe(0);
});
