/** Thrown through an evaluation that uses facts nobody has gathered yet: the engine gathers them and evaluates again. */
export class NeedFacts extends Error {
  override readonly name = 'NeedFacts';
  readonly host: string;
  constructor(host: string) {
    super(`facts of ${host} are needed`);
    this.host = host;
  }
}
