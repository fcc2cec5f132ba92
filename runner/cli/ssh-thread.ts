import { parentPort } from 'node:worker_threads';
import { serveConnections } from '../transport/ssh/thread.ts';
import { tuneV8InThread } from './run/v8-flags.ts';

/** Holds connections for the main thread, which is its parent. Built apart from the bundle, of which it needs a tenth: threads share no memory. */
if (parentPort === null) throw new Error('this is no program of its own: it is started by a run that has many hosts');
tuneV8InThread();
serveConnections(parentPort);
