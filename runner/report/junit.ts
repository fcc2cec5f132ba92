import type { Event, TaskResult, TaskStart } from '../event/event.ts';
import { messageOf, reduce } from '../event/reduce.ts';
import { emptySummary, failedHosts } from '../event/summary.ts';
import { failureLines } from './failure-text.ts';
import { printable } from './paint.ts';
import type { Reporter } from './reporter.ts';
import type { Sink } from './sink.ts';

interface Suite {
  readonly name: string;
  readonly at: number;
  readonly cases: string[];
  failures: number;
  errors: number;
  skipped: number;
  seconds: number;
}

/** A JUnit XML report, written at the end: a suite for each play, a case for each task on each host. */
export function junitReporter(sink: Sink): Reporter {
  const summary = emptySummary();
  const tasks = new Map<string, TaskStart>();
  const suites: Suite[] = [];
  const suite = (name: string, at: number): Suite => {
    const made = { name, at, cases: [], failures: 0, errors: 0, skipped: 0, seconds: 0 };
    suites.push(made);
    return made;
  };
  const handle = (event: Event): void => {
    reduce(summary, event);
    if (event.type === 'play.start') suite(event.name, event.at);
    else if (event.type === 'task.start') tasks.set(event.task, event);
    else if (event.type === 'result') addCase(suites.at(-1) ?? suite('run', event.at), event, tasks.get(event.task));
  };
  const finish = (): void => {
    const named = new Set(summary.failures.map((each) => each.host));
    const silent = failedHosts(summary).filter((host) => !named.has(host));
    if (silent.length > 0 || (summary.outcome !== 'done' && summary.run !== '')) {
      const last = suites.at(-1) ?? suite('run', summary.startedAt);
      for (const host of silent) addError(last, host, summary.hosts.get(host)?.message ?? 'failed');
      if (summary.outcome !== 'done') addError(last, 'run', summary.outcome === 'running' ? 'the run did not end' : `the run was ${summary.outcome}`);
    }
    sink.write(`<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n${suites.map(suiteXml).join('')}</testsuites>\n`);
  };
  return {
    handle,
    end() {
      finish();
      return sink.flush();
    },
  };
}

function addCase(suite: Suite, event: TaskResult, task: TaskStart | undefined): void {
  const seconds = event.duration / 1000;
  suite.seconds += seconds;
  const head = `    <testcase classname=${attribute(event.host)} name=${attribute(task?.name ?? event.task)} file=${attribute(task?.path ?? '')} time="${seconds.toFixed(3)}"`;
  const forgiven = event.ignored || event.rescued;
  if ((event.status === 'failed' || event.status === 'unreachable') && !forgiven) {
    const isError = event.status === 'unreachable';
    if (isError) suite.errors++;
    else suite.failures++;
    const element = isError ? 'error' : 'failure';
    suite.cases.push(`${head}>\n      <${element} message=${attribute(messageOf(event.result))}>${text(failureLines(event.result, 1).join('\n'))}</${element}>\n    </testcase>\n`);
  } else if (event.status === 'skipped' || event.status === 'undetermined') {
    suite.skipped++;
    const reason = event.status === 'undetermined' ? messageOf(event.result) : event.result['skip_reason'];
    suite.cases.push(`${head}>\n      <skipped message=${attribute(typeof reason === 'string' ? reason : 'skipped')}/>\n    </testcase>\n`);
  } else suite.cases.push(`${head}/>\n`);
}

function addError(suite: Suite, name: string, message: string): void {
  suite.errors++;
  suite.cases.push(`    <testcase classname=${attribute(name)} name="connection and order of the run">\n      <error message=${attribute(message)}/>\n    </testcase>\n`);
}

function suiteXml({ name, at, cases, failures, errors, skipped, seconds }: Suite): string {
  const counts = `tests="${cases.length}" failures="${failures}" errors="${errors}" skipped="${skipped}" time="${seconds.toFixed(3)}" timestamp="${new Date(at).toISOString()}"`;
  return `  <testsuite name=${attribute(name)} ${counts}>\n${cases.join('')}  </testsuite>\n`;
}

function attribute(value: string): string {
  return `"${text(value).replaceAll('"', '&quot;').replaceAll('\n', '&#10;').replaceAll('\t', '&#9;')}"`;
}

/** Text that any XML parser takes: control characters have no place in XML 1.0, not even escaped. */
function text(value: string): string {
  return printable(value).replace(/[^\t\n\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd').replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
