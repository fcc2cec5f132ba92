import { problem } from '../source/diagnostic.ts';
import type { YamlNode } from '../source/yaml-node.ts';
import { unknownKeyword } from './call.ts';
import { checkKind, listOf } from './directives.ts';
import type { Loading } from './load-context.ts';
import type { VarsPrompt } from './model.ts';
import { optional } from './task.ts';
import { isVariableName } from './vars.ts';
import { fieldsByName, isNothing, isYes, kindOf, scalarText, type Field } from './yaml-fields.ts';

const KEYWORDS = new Set(['name', 'prompt', 'default', 'private', 'confirm', 'encrypt', 'salt', 'salt_size', 'unsafe']);

/** The questions of `vars_prompt`. */
export function loadPrompts(node: YamlNode | undefined, loading: Loading): VarsPrompt[] {
  return listOf(node).flatMap((item) => {
    if (item.kind !== 'mapping') {
      loading.report(problem('wrong-type', `an entry of 'vars_prompt' must be a mapping, not ${kindOf(item)}`, item.span, 'write - name: VARIABLE'));
      return [];
    }
    const fields = fieldsByName(item, loading.report);
    for (const [word, { key }] of fields) if (!KEYWORDS.has(word)) loading.report(unknownKeyword(word, KEYWORDS, key.span, 'vars_prompt'));
    const name = scalarText(fields.get('name')?.value);
    if (name === undefined || !isVariableName(name)) {
      loading.report(problem('variable-name', 'this question does not say which variable it is for', item.span, 'add name: VARIABLE'));
      return [];
    }
    const preset = fields.get('default');
    const encrypt = scalarText(fields.get('encrypt')?.value);
    return [
      {
        name,
        prompt: scalarText(fields.get('prompt')?.value) ?? name,
        private: flag(fields.get('private'), true, loading),
        confirm: flag(fields.get('confirm'), false, loading),
        unsafe: flag(fields.get('unsafe'), false, loading),
        ...optional('default', preset && loading.tree(preset.value)),
        ...optional('encrypt', encrypt),
      },
    ];
  });
}

function flag(field: Field | undefined, otherwise: boolean, loading: Loading): boolean {
  if (!field || isNothing(field.value)) return otherwise;
  checkKind(field, 'flag', loading);
  return isYes(field.value) ?? otherwise;
}
