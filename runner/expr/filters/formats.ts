import { asBool, asInt, type Named } from '../arguments.ts';
import { truthy } from '../convert.ts';
import { define, type Entry } from '../define.ts';
import { ExpressionError } from '../errors.ts';
import { toText, typeName } from '../text.ts';
import { isList, Tuple, type Value } from '../value.ts';
import { PLAIN_JSON, writeJson, type JsonStyle } from './json-write.ts';
import { readJson } from './json-read.ts';
import { readYaml } from './yaml-read.ts';
import { writeYaml } from './yaml-write.ts';

function refuseOthers(filter: string, named: Named, known: readonly string[]): void {
  const other = [...named.keys()].find((key) => !known.includes(key));
  if (other !== undefined) throw new ExpressionError(`${filter}() got an unexpected keyword argument '${other}'`);
}

const JSON_KEYS = ['indent', 'sort_keys', 'separators', 'ensure_ascii', 'skipkeys', 'vault_to_text', 'preprocess_unsafe', 'check_circular', 'allow_nan'];

function toJson(value: Value, named: Named, defaults: JsonStyle): string {
  refuseOthers('to_json', named, JSON_KEYS);
  const indent = named.get('indent');
  const separators = named.get('separators');
  const level = indent === undefined ? defaults.indent : indent === null ? null : typeof indent === 'string' ? indent : ' '.repeat(Math.max(0, asInt(indent, 0)));
  const [item = level === null ? ', ' : ',', key = ': '] = separators !== undefined && isList(separators) ? separators.map((each) => toText(each)) : [];
  return writeJson(value, { indent: level, sortKeys: asBool(named.get('sort_keys'), defaults.sortKeys), itemSeparator: item, keySeparator: key, ascii: asBool(named.get('ensure_ascii'), true) });
}

const YAML_KEYS = ['indent', 'width', 'sort_keys', 'default_flow_style', 'explicit_start', 'explicit_end', 'line_break', 'encoding', 'canonical', 'default_style', 'version', 'tags'];

function toYaml(filter: string, value: Value, named: Named, indent: number, flow: boolean | null): string {
  refuseOthers(filter, named, YAML_KEYS);
  const flowGiven = named.get('default_flow_style');
  const width = named.get('width');
  const quotes = quotesOf(filter, named.get('default_style') ?? null);
  return writeYaml(value, {
    indent: asInt(named.get('indent') ?? undefined, indent),
    width: width === undefined || width === null ? 80 : Math.min(Number(toText(width)), Number.MAX_SAFE_INTEGER),
    sortKeys: asBool(named.get('sort_keys'), true),
    // What is in quotes counts as too much for one line, where that is left to PyYAML.
    flow: (flowGiven === undefined ? flow : flowGiven === null ? null : truthy(flowGiven)) ?? (quotes === null ? null : false),
    explicitStart: asBool(named.get('explicit_start') ?? undefined),
    explicitEnd: asBool(named.get('explicit_end') ?? undefined),
    quotes,
  });
}

function quotesOf(filter: string, style: Value): "'" | '"' | null {
  if (style === '|' || style === '>') throw new ExpressionError(`${filter}: default_style knows quotes only, not '${toText(style)}'`);
  return style === '"' ? '"' : style === "'" ? "'" : null;
}

/** Inside HTML no JSON may end a script; Jinja escapes for it always. */
function htmlSafe(json: string): string {
  return json.replace(/[<>&']/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Filters between values and their texts. */
export const FORMAT_FILTERS: readonly Entry[] = [
  ['to_json', ([value = null], named) => toJson(value, named, PLAIN_JSON)],
  ['to_nice_json', ([value = null, indent, sort], named) => {
    const all = new Map<string, Value>([['separators', Tuple.from([',', ': '])], ...(indent === undefined ? [] : [['indent', indent] as const]), ...(sort === undefined ? [] : [['sort_keys', sort] as const]), ...named]);
    return toJson(value, all, { ...PLAIN_JSON, indent: '    ', sortKeys: true });
  }],
  ...define('tojson', 'indent?', (value, [indent]) => htmlSafe(toJson(value, new Map(indent === undefined ? [] : [['indent', indent]]), { ...PLAIN_JSON, sortKeys: true }))),
  ...define('from_json', '', (value) => {
    if (typeof value !== 'string') throw new ExpressionError(`the JSON object must be str, bytes or bytearray, not ${typeName(value)}`);
    return readJson(value);
  }),
  ['to_yaml', ([value = null], named) => toYaml('to_yaml', value, named, 2, null)],
  ['to_nice_yaml', ([value = null, indent], named) => toYaml('to_nice_yaml', value, named, asInt(indent ?? undefined, 4), false)],
  ...define('from_yaml', '', (value) => (typeof value === 'string' ? readYaml(value, false) : value)),
  ...define('from_yaml_all', '', (value) => (typeof value === 'string' ? readYaml(value, true) : value)),
];
