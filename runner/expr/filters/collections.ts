import { randomInt } from 'node:crypto';
import { parseCsv } from '../../util/csv.ts';
import { asBool, asText, iterate } from '../arguments.ts';
import { define, type Entry } from '../define.ts';
import { ExpressionError } from '../errors.ts';
import { Mersenne } from '../mersenne.ts';
import { dictKey } from '../operators.ts';
import { repr, toText, typeName } from '../text.ts';
import { isList, isMapping, type Value } from '../value.ts';
import { VERSION_TYPES } from '../version.ts';
import { own } from '../../util/own.ts';

function toDict(value: Value): Value {
  if (isMapping(value)) return value;
  return new Map(iterate(value).map((pair, index): [Value, Value] => {
    const parts = iterate(pair);
    const [key = null, inner = null] = parts;
    if (parts.length !== 2) throw new ExpressionError(`dictionary update sequence element #${index} has length ${parts.length}; 2 is required`);
    return [dictKey(key), inner];
  }));
}

const DELIMITERS: Readonly<Record<string, string>> = { excel: ',', unix: ',', 'excel-tab': '\t' };

function fromCsv(text: string, dialect: string, names: Value, delimiter: string | undefined, skipInitialSpace: boolean): Value {
  const usual = own(DELIMITERS, dialect);
  if (usual === undefined) throw new ExpressionError(`from_csv: there is no dialect '${dialect}', only ${Object.keys(DELIMITERS).join(', ')}`);
  if (delimiter !== undefined && delimiter.length !== 1) throw new ExpressionError('from_csv: "delimiter" must be a 1-character string');
  const rows = parseCsv(text.replace(/^\ufeff/, ''), { delimiter: delimiter ?? usual, skipInitialSpace });
  const [header = [], ...others] = rows;
  const keys = names === null ? header : iterate(names);
  return (names === null ? others : rows).map((row) => {
    const record = new Map<Value, Value>(keys.map((key, index): [Value, Value] => [key, row[index] ?? null]));
    // Python keeps what has no name under None.
    return row.length > keys.length ? record.set(null, row.slice(keys.length)) : record;
  });
}

function counted(value: Value): Value {
  if (typeof value !== 'string' && !isList(value)) throw new ExpressionError(`Argument for counter must be a sequence (string or list). ${repr(value)} is ${typeName(value)}`);
  const counts = new Map<Value, number>();
  for (const item of iterate(value).map(dictKey)) counts.set(item, (counts.get(item) ?? 0) + 1);
  return counts;
}

function grouped(value: Value, attribute: Value): Value {
  if (typeof value !== 'string' && !isList(value)) throw new ExpressionError('Input is not a sequence');
  const result = new Map<Value, Value>();
  for (const [index, item] of iterate(value).entries()) {
    if (!isMapping(item)) throw new ExpressionError(`Sequence element #${index} is not a mapping`);
    const found = item.get(attribute);
    if (found === undefined) throw new ExpressionError(`Attribute not contained in element #${index} of sequence`);
    const key = dictKey(found);
    if (result.has(key)) throw new ExpressionError(`Multiple sequence entries have attribute value ${repr(found)}`);
    result.set(key, item);
  }
  return result;
}

/** Ten hexadecimal digits, the first of which is not 0, of which as many are taken as are missing. */
const [LOWEST, HIGHEST] = [0x1000000000, 0xffffffffff];

function randomMac(value: Value, seed: Value): string {
  if (typeof value !== 'string') throw new ExpressionError(`Invalid value type (${typeName(value)}) for random_mac (${toText(value)})`);
  const prefix = value.toLowerCase();
  const parts = prefix.split(':');
  if (parts.length > 5) throw new ExpressionError(`Invalid value (${prefix}) for random_mac: 5 colon(:) separated items max`);
  const wrong = parts.filter((part) => !/^[a-f\d]{2}/.test(part)).map((part) => (part === '' ? 'empty item' : `${part} not hexa byte`));
  if (wrong.length > 0) throw new ExpressionError(`Invalid value (${prefix}) for random_mac: ${wrong.join(',')}`);
  const range = HIGHEST - LOWEST + 1;
  const drawn = LOWEST + (seed === null ? randomInt(range) : new Mersenne(seed).below(range));
  return prefix + drawn.toString(16).slice(0, 2 * (6 - parts.length)).replace(/../g, ':$&');
}

function sortVersions(value: Value, reverse: boolean): Value {
  const order = VERSION_TYPES.get('loose') ?? (() => 0);
  const sign = reverse ? -1 : 1;
  return iterate(value).toSorted((a, b) => sign * order(toText(a), toText(b)));
}

const FORMS = ['NFC', 'NFD', 'NFKC', 'NFKD'];

/** Filters of community.general that roles use. */
export const COLLECTION_FILTERS: readonly Entry[] = [
  ...define('dict', '', toDict),
  ...define('dict_kv', 'key', (value, [key = null]) => new Map([[dictKey(key), value]])),
  ...define('from_csv', 'dialect? fieldnames? delimiter? skipinitialspace? strict?', (value, [dialect, names = null, delimiter = null, skip = null]) =>
    fromCsv(toText(value), asText(dialect, 'excel'), names, delimiter === null ? undefined : asText(delimiter), skip !== null && asBool(skip))),
  ...define('counter', '', counted),
  ...define('groupby_as_dict', 'attribute', (value, [attribute = null]) => grouped(value, attribute)),
  ...define('random_mac', 'seed?', (value, [seed = null]) => randomMac(value, seed)),
  ...define('version_sort', 'reverse?', (value, [reverse]) => sortVersions(value, asBool(reverse))),
  ...define('unicode_normalize', 'form?', (value, [form]) => {
    if (typeof value !== 'string') throw new ExpressionError(`${typeName(value)} is not a valid input type`);
    const wanted = asText(form, 'NFC');
    if (!FORMS.includes(wanted)) throw new ExpressionError(`${wanted} is not a valid form`);
    return value.normalize(wanted);
  }),
];
