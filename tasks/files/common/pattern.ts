import { RegexError } from '../../../runner/util/python-regex-error.ts';
import { translateRegex } from '../../../runner/util/python-regex.ts';
import { Text } from '../../../runner/task/params.ts';

/** A Python pattern; one that cannot be used is refused before any host is asked. */
export const Pattern = Text.superRefine((pattern, context) => {
  const message = complaint(() => translateRegex(pattern));
  if (message !== undefined) context.addIssue({ code: 'custom', message });
});

/** Why a pattern or replacement cannot be used; undefined when it can. */
export function complaint(use: () => unknown): string | undefined {
  try {
    use();
    return undefined;
  } catch (error) {
    if (error instanceof RegexError) return error.message;
    throw error;
  }
}
