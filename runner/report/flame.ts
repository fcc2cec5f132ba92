import type { Style } from './paint.ts';
import type { Stretch } from './stretch.ts';
import type { TaskTime, TimeLine } from './time-line.ts';

/** Columns of the run's time line. */
export const FLAME_WIDTH = 32;

/** One line of the flame: a stretch of the run, how deep it stands below the whole, and what it is. */
export interface FlameLine {
  readonly stretch: Stretch;
  readonly depth: number;
  readonly style: Style;
  readonly task?: TaskTime;
}

/** The run, its plays, their phases, and in them those tasks that are listed, each level in order of time. */
export function flameLines({ run, connecting, plays, phases, tasks }: TimeLine, isListed: (task: TaskTime) => boolean): readonly FlameLine[] {
  if (run === undefined) return [];
  const listed = [...tasks.values()].filter(isListed);
  const taskLines = (depth: number, belongs: (task: TaskTime) => boolean): Placed[] => listed.filter(belongs).map((task) => ({ stretch: task.stretch, lines: [{ stretch: task.stretch, depth, style: 'green', task }] }));
  const phaseLines = (play: number): Placed[] => [...phases].filter(([, phase]) => phase.play === play).map(([key, { stretch }]) => ({
    stretch, lines: [{ stretch, depth: 2, style: 'cyan' as const }, ...inOrder(taskLines(3, ({ phase }) => phase === key))],
  }));
  const playLines: Placed[] = [...plays].map(([number, stretch]) => ({
    stretch, lines: [{ stretch, depth: 1, style: 'blue' as const }, ...inOrder([...phaseLines(number), ...taskLines(2, ({ play, phase }) => play === number && !phases.has(phase ?? ''))])],
  }));
  const strays = taskLines(1, ({ play }) => play === undefined || !plays.has(play));
  return [
    { stretch: run, depth: 0, style: 'bold' },
    ...(connecting ? [{ stretch: connecting, depth: 0, style: 'magenta' as const }] : []),
    ...inOrder([...playLines, ...strays]),
  ];
}

/** A stretch with the lines below it. */
interface Placed {
  readonly stretch: Stretch;
  readonly lines: readonly FlameLine[];
}

function inOrder(parts: readonly Placed[]): FlameLine[] {
  return parts.toSorted((a, b) => a.stretch.from - b.stretch.from).flatMap(({ lines }) => lines);
}

/** Where a stretch stands on the time line of the run: `     ███        `, one cell at least. */
export function flameBar({ from, until }: Stretch, run: Stretch): string {
  const cell = (at: number): number => (run.until > run.from ? ((at - run.from) / (run.until - run.from)) * FLAME_WIDTH : 0);
  const left = within(Math.floor(cell(from)), 0, FLAME_WIDTH - 1);
  const right = run.until > run.from ? within(Math.round(cell(until)), left + 1, FLAME_WIDTH) : FLAME_WIDTH;
  return `${' '.repeat(left)}${'█'.repeat(right - left)}${' '.repeat(FLAME_WIDTH - right)}`;
}

function within(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}
