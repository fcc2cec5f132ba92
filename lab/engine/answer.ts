/** An answer to a simulated tool: its exit code and what it prints. */
export interface Answer {
  readonly code: number;
  readonly text: string;
}
