import type { JsonObject } from '../../runner/util/json.ts';

/**
 * What a host's own Python is, for playbooks that choose packages by it; nothing of it is used. `text` is its path and what `-V` says.
 * Empty where there is none.
 */
export function pythonFacts(text: string): JsonObject {
  const [, executable, major, minor, micro = '0'] = /^(\/\S+)\nPython (\d+)\.(\d+)(?:\.(\d+))?/.exec(text) ?? [];
  if (executable === undefined) return {};
  const [first, second, third] = [Number(major), Number(minor), Number(micro)];
  return {
    discovered_interpreter_python: executable,
    python_version: `${first}.${second}.${third}`,
    python: {
      executable,
      version: { major: first, minor: second, micro: third, releaselevel: 'final', serial: 0 },
      version_info: [first, second, third, 'final', 0],
      type: 'cpython',
      has_sslcontext: first > 2 || second > 7 || (second === 7 && third >= 9),
    },
  };
}
