/**
 * Lets those who ask for a turn go on one by one, each when the event loop has dealt with all that has come in meanwhile: where this machine is what
 * takes the time, no more is begun than it can finish; where the network is, nobody waits. `until`: what each waits for besides, in its turn.
 */
export function pacer(until: () => Promise<void> = () => Promise.resolve()): () => Promise<void> {
  let turn = Promise.resolve();
  return () => (turn = turn.then(() => new Promise<void>((resolve) => void setImmediate(resolve))).then(until));
}
