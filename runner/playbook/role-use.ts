import { problem } from '../source/diagnostic.ts';
import type { YamlNode } from '../source/yaml-node.ts';
import { NOTHING_OWN, readDirectives } from './directives.ts';
import { knownPaths } from './import-tasks.ts';
import { ROLE_KEYWORDS } from './keywords.ts';
import type { Loading } from './load-context.ts';
import type { Place } from './place.ts';
import type { RoleUse } from './role.ts';
import { staticText } from './static-text.ts';
import { varsOf } from './vars.ts';
import { fieldsByName, isNothing, kindOf } from './yaml-fields.ts';

/** The entries of `roles:` or of a role's `dependencies:`. */
export function roleUses(node: YamlNode | undefined, word: string, loading: Loading): readonly YamlNode[] {
  if (node === undefined || isNothing(node)) return [];
  if (node.kind === 'sequence') return node.items;
  loading.report(problem('wrong-type', `'${word}' must be a list, not ${kindOf(node)}`, node.span, "begin each role with '- '"));
  return [];
}

/** Reads one entry: a name, or a mapping with keywords, everything else in it being parameters of the role. */
export function readRoleUse(node: YamlNode, place: Place, loading: Loading): RoleUse | undefined {
  const key = node.span.file.text.slice(node.span.start, node.span.end).trim();
  if (node.kind === 'scalar') {
    const name = staticText(node, 'the name of a role', loading, knownPaths(place));
    return name === undefined ? undefined : { name, at: node.span, own: NOTHING_OWN, vars: new Map(), params: new Map(), from: {}, validate: true, key: '' };
  }
  if (node.kind !== 'mapping') {
    loading.report(problem('wrong-type', `a role must be a name or a mapping, not ${kindOf(node)}`, node.span, 'write - NAME, or - role: NAME'));
    return undefined;
  }
  const fields = fieldsByName(node, loading.report);
  const named = fields.get('role') ?? fields.get('name') ?? fields.get('src');
  if (!named) {
    loading.report(problem('missing-keyword', 'this entry does not say which role', node.span, 'write - role: NAME'));
    return undefined;
  }
  const name = staticText(named.value, 'the name of a role', loading, knownPaths(place));
  if (name === undefined) return undefined;
  const params = [...fields]
    .filter(([word, field]) => !ROLE_KEYWORDS.has(word) && field !== named)
    .map(([word, { value }]) => [word, loading.tree(value)] as const);
  const vars = fields.get('vars');
  // Alone in its mapping, a name says no more than a bare name does.
  const bare = fields.size === 1 ? '' : key;
  return {
    name,
    at: named.value.span,
    own: readDirectives(fields, loading, new Set(['vars'])),
    vars: vars ? varsOf(vars.value, loading) : new Map(),
    params: new Map(params),
    from: {},
    validate: true,
    key: bare,
  };
}
