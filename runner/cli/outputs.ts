import { createWriteStream } from 'node:fs';
import type { Reporter, ReportOptions } from '../report/reporter.ts';
import { streamSink, type Sink } from '../report/sink.ts';
import type { OutputChoice, OutputName, SharedOptions } from './options.ts';

/** What decides about reports. */
export type ReportChoice = Pick<SharedOptions, 'output' | 'verbosity' | 'profile' | 'showSkipped' | 'color'>;

/** Opens the reports that were asked for, as one. Each form is loaded only when it is used. */
export async function openReports({ output, verbosity, profile, showSkipped, color }: ReportChoice): Promise<Reporter> {
  const environment = color === undefined ? process.env : { ...(color ? { FORCE_COLOR: '1' } : { NO_COLOR: '1' }), ...process.env };
  const reporters = await Promise.all(output.map((choice) => openReport(choice, { verbosity, showSkipped }, environment)));
  // To standard error, so that a report for programs stays one.
  if (profile) reporters.push((await import('../report/profile.ts')).profileReporter(streamSink(process.stderr, environment)));
  return {
    handle: (event) => reporters.forEach((reporter) => reporter.handle(event)),
    suspend: async () => {
      const resume = await Promise.all(reporters.map(async (reporter) => reporter.suspend?.()));
      return () => resume.forEach((each) => each?.());
    },
    end: async () => {
      await Promise.all(reporters.map((reporter) => reporter.end()));
    },
  };
}

async function openReport({ name, file }: OutputChoice, options: ReportOptions, environment: NodeJS.ProcessEnv): Promise<Reporter> {
  if (file === undefined) return createReport(name === 'auto' ? automatic() : name, streamSink(process.stdout, environment), options);
  const stream = createWriteStream(file);
  await new Promise((resolve, reject) => stream.once('open', resolve).once('error', reject));
  const reporter = await createReport(name === 'auto' ? 'lines' : name, streamSink(stream, {}), options);
  return { handle: (event) => reporter.handle(event), end: () => reporter.end().then(() => void stream.end()) };
}

/** A tree for a person at a terminal that can redraw, lines for everyone else. */
function automatic(): OutputName {
  // A terminal without a width (0) is one that nobody looks at.
  return process.stdout.isTTY && process.stdout.columns > 0 && process.env['TERM'] !== 'dumb' && !process.env['CI'] ? 'tree' : 'lines';
}

async function createReport(name: Exclude<OutputName, 'auto'> | OutputName, sink: Sink, options: ReportOptions): Promise<Reporter> {
  switch (name) {
    case 'tree':
      return (await import('../report/tree.ts')).treeReporter(sink, options);
    case 'json':
      return (await import('../report/json.ts')).jsonReporter(sink);
    case 'classic':
      return (await import('../report/classic.ts')).classicReporter(sink, options);
    case 'minimal':
    case 'oneline':
      return (await import('../report/minimal.ts')).minimalReporter(sink, { ...options, oneLine: name === 'oneline' });
    case 'trace':
      return (await import('../report/trace.ts')).traceReporter(sink);
    case 'junit':
      return (await import('../report/junit.ts')).junitReporter(sink);
    case 'auto':
    case 'lines':
      return (await import('../report/lines.ts')).linesReporter(sink, options);
  }
}
