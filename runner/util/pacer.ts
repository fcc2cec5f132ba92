/**
 * Lets those who ask for a turn go on one by one, each but the first when the event loop has dealt with all that has come in since the one before:
 * where this machine is what takes the time, no more is begun than it can finish; where the network is, nobody waits. `until`: what each waits for
 * besides, in its turn.
 */
export function pacer(until: () => Promise<void> = () => Promise.resolve()): () => Promise<void> {
  let last = Promise.resolve();
  return () => {
    const turn = last.then(until);
    last = turn.then(() => new Promise<void>((resolve) => void setImmediate(resolve)));
    return turn;
  };
}
