import { parentPort } from 'node:worker_threads';
import { openBundle } from './open-bundle.ts';

/** Holds connections for the main thread, which is its parent. */
async function main(): Promise<void> {
  if (parentPort === null) throw new Error('this is no program of its own: it is started by a run that has many hosts');
  const { serveConnections } = await openBundle().sshThread();
  serveConnections(parentPort);
}

await main();
