import { isObject, type Json, type JsonObject } from '../../runner/util/json.ts';
import { own } from '../../runner/util/own.ts';

/** What one argument must be: one entry of a role's `options`. */
export interface ArgumentSpec {
  readonly type?: string;
  readonly required?: boolean;
  readonly choices?: readonly Json[];
  readonly elements?: string;
  readonly options?: Readonly<Record<string, ArgumentSpec>>;
  readonly default?: Json;
}

/** Everything that is wrong with arguments, as sentences; none when they are as specified. */
export function argumentErrors(spec: Readonly<Record<string, ArgumentSpec>>, given: JsonObject, within = ''): string[] {
  const missing = Object.entries(spec).filter(([name, { required }]) => required === true && (own(given, name) ?? null) === null).map(([name]) => name);
  const found = within === '' ? '' : ` found in ${within}`;
  const errors = missing.length > 0 ? [`missing required arguments: ${missing.sort().join(', ')}${found}`] : [];
  for (const [name, each] of Object.entries(spec)) {
    const value = own(given, name);
    if (value !== undefined && value !== null) errors.push(...valueErrors(within === '' ? name : `${within} -> ${name}`, each, value));
  }
  if (within !== '') {
    const unknown = Object.keys(given).filter((name) => !Object.hasOwn(spec, name));
    if (unknown.length > 0) errors.push(`${unknown.sort().join(', ')}${found}. Supported parameters include: ${Object.keys(spec).sort().join(', ')}.`);
  }
  return errors;
}

function valueErrors(name: string, { type = 'str', choices, elements, options }: ArgumentSpec, value: Json): string[] {
  if (!fits(type, value)) return [`argument '${name}' is of type ${typeName(value)} and we were unable to convert to ${type}`];
  const errors: string[] = [];
  const items: readonly Json[] = Array.isArray(value) ? (value as readonly Json[]) : type === 'list' ? textOf(value).split(',') : [value];
  if (choices && items.some((item) => !choices.some((choice) => textOf(choice) === textOf(item)))) {
    errors.push(`value of ${name} must be one of: ${choices.map(textOf).join(', ')}, got: ${items.map(textOf).join(', ')}`);
  }
  if (type === 'list' && elements !== undefined) {
    for (const item of items) {
      if (!fits(elements, item)) errors.push(`Elements value for option '${name}' is of type ${typeName(item)} and we were unable to convert to ${elements}`);
    }
  }
  if (options) for (const item of items) if (isObject(item)) errors.push(...argumentErrors(options, item, name));
  return errors;
}

/** Whether a value is of a type, or can be made one as Ansible makes it. */
function fits(type: string, value: Json): boolean {
  const text = typeof value === 'string' ? value.trim() : undefined;
  switch (type) {
    case 'int':
      return (typeof value === 'number' && Number.isInteger(value)) || typeof value === 'boolean' || (text !== undefined && /^[-+]?\d+$/.test(text));
    case 'float':
      return typeof value === 'number' || (text !== undefined && text !== '' && Number.isFinite(Number(text)));
    case 'bool':
      return typeof value === 'boolean' || /^(?:y|yes|on|1|1\.0|true|t|n|no|off|0|0\.0|false|f)$/i.test(textOf(value));
    case 'dict':
      return isObject(value) || (text !== undefined && (text.startsWith('{') || text.includes('=')));
    case 'list':
      return Array.isArray(value) || typeof value === 'string' || typeof value === 'number';
    case 'bits':
    case 'bytes':
      return typeof value === 'number' || (text !== undefined && /^\d+(?:\.\d+)?\s*[YZEPTGMKB]?[Bb]?$/.test(text));
    default:
      return true;
  }
}

function textOf(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function typeName(value: Json): string {
  if (Array.isArray(value)) return "<class 'list'>";
  if (isObject(value)) return "<class 'dict'>";
  return typeof value === 'string' ? "<class 'str'>" : typeof value === 'boolean' ? "<class 'bool'>" : "<class 'int'>";
}
