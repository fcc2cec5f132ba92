import { Writable } from 'node:stream';
import { DefaultRenderer, Listr, type ListrDefaultRendererLogLevels, ListrLogger, ListrTaskState, ProcessOutput, type ListrContext, type ListrTaskObject, type ListrTaskWrapper } from 'listr2';
import type { Sink } from './sink.ts';

/** A line of the live tree. */
export interface TreeItem {
  title(text: string): void;
  /** Shows the last lines of what is going on below the title, until it is done. */
  output(text: string): void;
  /** Adds a line below this one. */
  add(title: string): TreeItem;
  done(state: 'completed' | 'failed' | 'skipped'): void;
}

/** Lines of a running command that are shown. */
const OUTPUT_LINES = 3;

/** Rows of terminals that do not say how many they have. */
const ROWS = 24;

/** listr2's renderer; that there is a terminal is decided by who chooses this report. */
class TreeRenderer extends DefaultRenderer {
  static override nonTTY = true;
}

type Tasks = Listr<ListrContext, typeof TreeRenderer, typeof TreeRenderer>;
type Task = ListrTaskObject<ListrContext, typeof TreeRenderer, typeof TreeRenderer>;
type Wrapper = ListrTaskWrapper<ListrContext, typeof TreeRenderer, typeof TreeRenderer>;

const STATES = { completed: ListrTaskState.COMPLETED, failed: ListrTaskState.FAILED, skipped: ListrTaskState.SKIPPED } as const;

/** Two moments of a line, with the ways to bring them about, and how it ends. */
class Lasting {
  state: 'completed' | 'failed' | 'skipped' = 'completed';
  begin: () => void = () => undefined;
  finish: () => void = () => undefined;
  readonly begun = new Promise<void>((resolve) => (this.begin = resolve));
  readonly finished = new Promise<void>((resolve) => (this.finish = resolve));
}

/**
 * A tree drawn by listr2 whose lines appear as things happen. listr2 wants to know its tasks beforehand and to run them:
 * here the first task stands for the whole tree and lasts until `end`, and every line is a task that waits for a promise
 * which `done` fulfils. Nothing ever rejects, so listr2 has no error to swallow.
 */
export class LiveTree {
  readonly #finished: Promise<unknown>;
  readonly #root: TreeItem;
  readonly #open = new Set<Lasting>();

  constructor(title: string, sink: Sink) {
    const stream = Object.assign(new Writable({ decodeStrings: false, write: (chunk: string | Buffer, _encoding, next) => (sink.write(String(chunk)), next()) }), {
      isTTY: true, columns: sink.columns, rows: process.stdout.rows || ROWS,
    }) as unknown as NodeJS.WriteStream;
    const logger = new ListrLogger<ListrDefaultRendererLogLevels>({ useIcons: true, processOutput: new ProcessOutput(stream, stream, { dump: [] }) });
    const listr: Tasks = new Listr<ListrContext, typeof TreeRenderer, typeof TreeRenderer>([], {
      renderer: TreeRenderer,
      fallbackRenderer: TreeRenderer,
      // Signals belong to the command line: listr2's own handler would end the process.
      registerSignalListeners: false,
      exitOnError: false,
      concurrent: true,
      rendererOptions: { logger, collapseSubtasks: false, collapseErrors: false, showErrorMessage: false, collapseSkips: false, showSkipMessage: false, formatOutput: 'truncate' },
    });
    const { item } = this.#line(listr, title, Promise.resolve());
    this.#root = item;
    this.#finished = listr.run();
  }

  /** Adds a line at the top level of the tree. */
  add(title: string): TreeItem {
    return this.#root.add(title);
  }

  /** Ends what is open, draws the tree a last time, and gives the terminal back. */
  async end(failed: boolean): Promise<void> {
    this.#root.done(failed ? 'failed' : 'completed');
    for (const lasting of this.#open) lasting.finish();
    await this.#finished;
  }

  #line(siblings: Tasks, title: string, above: Promise<void>): { task: Task; item: TreeItem } {
    const lasting = new Lasting();
    // listr2 loses what is said before it has drawn the line once, which needs the lines above it.
    const drawn = above.then(() => lasting.begun).then(() => void (task.title$ = task.title ?? title));
    this.#open.add(lasting);
    siblings.add({
      title,
      rendererOptions: { outputBar: OUTPUT_LINES },
      task: async () => {
        lasting.begin();
        await lasting.finished;
        // listr2 fails whatever is still going on below a line that fails.
        await Promise.all(below);
        this.#open.delete(lasting);
        if (lasting.state !== 'completed') task.state$ = STATES[lasting.state];
      },
    });
    const task = siblings.tasks.at(-1) as Task;
    let children: Tasks | undefined;
    const below: Promise<void>[] = [];
    const item: TreeItem = {
      title: (text) => void (task.title$ = text),
      // And throws for what is said after the line has ended.
      output: (text) => void drawn.then(() => task.isPending() && (task.output$ = text)),
      add: (text) => {
        children ??= new Listr<ListrContext, typeof TreeRenderer, typeof TreeRenderer>([], task.options, task);
        task.subtasks = children.tasks;
        const line = this.#line(children, text, drawn);
        // The wrapper is only handed on to the task's function, which takes none.
        below.push(line.task.check({}).then(() => line.task.run({}, undefined as unknown as Wrapper)));
        return line.item;
      },
      done: (state) => {
        lasting.state = state;
        lasting.finish();
      },
    };
    return { task, item };
  }
}
