/** What task modules are tested with: a host in memory, and the two ways to run a task against it. */
export { fakeHost } from './fake-host.ts';
export type { FakeAnswer, FakeHost, FakeResponse, FakeSpec } from './fake-host.ts';
export { fakeController } from './fake-controller.ts';
export { applyTask, checkTask } from './run-task.ts';
export type { Applied, TestHost } from './run-task.ts';
