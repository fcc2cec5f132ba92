import type { Expression } from '../expr/ast.ts';
import { sureNames, type NameUse } from '../expr/sure-names.ts';
import { targetNames, type Body, type Statement } from './jinja-ast.ts';

/**
 * The variables without which a template certainly fails: what is put out or asked outside of every branch, loop body and macro.
 * A name that the template binds anywhere is left out, wherever it does so.
 */
export function sureUses(body: Body): readonly NameUse[] {
  const own = new Set<string>();
  const uses: NameUse[] = [];
  // What extends another template only defines blocks, and which of them are shown is up to the other.
  if (!body.some((each) => each.kind === 'extends')) visit(body, own, uses);
  return uses.filter((each) => !own.has(each.name));
}

function visit(body: Body, own: Set<string>, uses: NameUse[], sure = true): void {
  const inside = (inner: Body, reached = false): void => visit(inner, own, uses, sure && reached);
  const used = (expression: Expression | null, surface: 'output' | 'condition'): void => {
    if (sure && expression) uses.push(...sureNames(expression, surface));
  };
  for (const statement of body) {
    for (const name of boundBy(statement)) own.add(name);
    switch (statement.kind) {
      case 'text': case 'set': case 'from': case 'import': case 'include': case 'extends': break;
      case 'output': used(statement.value, 'output'); break;
      case 'do': used(statement.value, 'condition'); break;
      case 'if': {
        const [first] = statement.branches;
        if (first) used(first.test, 'condition');
        for (const branch of statement.branches) inside(branch.body);
        inside(statement.otherwise);
        break;
      }
      case 'for': {
        used(statement.items, 'condition');
        inside(statement.body);
        inside(statement.otherwise);
        break;
      }
      case 'macro': case 'call': inside(statement.body); break;
      case 'set-block': case 'filter': case 'with': case 'block': case 'autoescape': inside(statement.body, true); break;
    }
  }
}

function boundBy(statement: Statement): readonly string[] {
  switch (statement.kind) {
    case 'set': case 'set-block': return targetNames(statement.target);
    case 'for': return [...targetNames(statement.target), 'loop'];
    case 'macro': return [statement.name, 'varargs', 'kwargs', 'caller', ...statement.params.map((each) => each.name)];
    case 'call': return ['caller', ...statement.params.map((each) => each.name)];
    case 'with': return statement.values.flatMap(([target]) => targetNames(target));
    case 'import': return [statement.alias];
    case 'from': return statement.names.map(([, alias]) => alias);
    case 'block': return ['super', 'self'];
    default: return [];
  }
}
