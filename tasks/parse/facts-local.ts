import type { Json, JsonObject } from '../../runner/util/json.ts';

/** Facts that people left on the host in `*.fact` files: JSON, else INI, by the name of the file. */
export function localFacts(sections: ReadonlyMap<string, string>): JsonObject {
  const found = [...sections].filter(([name]) => name.startsWith('local:'));
  return Object.fromEntries(found.map(([name, text]) => [name.slice('local:'.length), parseFactFile(text)]));
}

function parseFactFile(text: string): Json {
  const failed = /@@rollcall-failed (\d+)\s*$/.exec(text);
  if (failed) return `the fact file failed with exit code ${failed[1]}`;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return parseIni(text) ?? 'the fact file is neither JSON nor INI';
  }
}

/** Sections of options; keys in lower case, as Python's configparser has them. */
function parseIni(text: string): JsonObject | undefined {
  const out: Record<string, Record<string, string>> = {};
  let section: Record<string, string> | undefined;
  for (const raw of text.split('\n')) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#') || line.startsWith(';')) continue;
    const head = /^\[(.+)\]$/.exec(line);
    const option = /^([^=:]+?)\s*[=:]\s*(.*)$/.exec(line);
    if (head) section = out[head[1] ?? ''] ??= {};
    else if (option && section) section[(option[1] ?? '').toLowerCase()] = option[2] ?? '';
    else return undefined;
  }
  return Object.keys(out).length > 0 ? out : undefined;
}
