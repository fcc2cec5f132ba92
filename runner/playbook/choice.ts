import { problem } from '../source/diagnostic.ts';
import { didYouMean } from '../util/suggest.ts';
import type { Loading } from './load-context.ts';
import { staticText } from './static-text.ts';
import { isNothing, type Field } from './yaml-fields.ts';

/** A word that must be one of a few, known before the run; undefined when it is absent, or after a diagnostic. */
export function choiceOf<T extends string>(field: Field | undefined, choices: readonly T[], word: string, loading: Loading): T | undefined {
  if (!field || isNothing(field.value)) return undefined;
  const text = staticText(field.value, `'${word}'`, loading);
  const plain = text?.replace(/^ansible\.builtin\./, '');
  const found = choices.find((each) => each === plain);
  if (found === undefined && text !== undefined) {
    loading.report(
      problem(
        'wrong-value',
        `'${text}' is no ${word} that is known here`,
        field.value.span,
        didYouMean(text, choices, `it must be one of: ${choices.join(', ')}`),
      ),
    );
  }
  return found;
}
