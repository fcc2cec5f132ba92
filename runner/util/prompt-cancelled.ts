/** A person at the terminal ended the run instead of answering. */
export class PromptCancelled extends Error {
  override readonly name = 'PromptCancelled';
}
