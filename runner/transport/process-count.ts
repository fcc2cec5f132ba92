/** How far answers of several shells may come in another order than they were given, in process ids: a fall by more is a new beginning. */
const DISORDER = 1000;

/**
 * How many processes were made on a host, by anybody, from the newest process id (of the pid namespace) that its shells name with each
 * answer. Threads take ids as well; what is made while the ids begin anew is not counted.
 */
export class ProcessCount {
  #newest: number | undefined;
  #made = 0;
  #isTold = false;

  /** A shell has begun: what is counted is what follows the first of them. */
  began(pid: number): void {
    const last = (this.#newest ??= pid);
    if (pid > last) this.#made += pid - last;
    if (pid > last || pid < last - DISORDER) this.#newest = pid;
  }

  /** A shell says which process of the host is the newest now. */
  saw(pid: number): void {
    this.#isTold = true;
    this.began(pid);
  }

  /** The connection has gone: the next may lead to a host that was started anew. */
  interrupted(): void {
    this.#newest = undefined;
  }

  /** Undefined where no shell could tell. */
  get made(): number | undefined {
    return this.#isTold ? this.#made : undefined;
  }
}
