import type { Output } from '../../runner/task/host.ts';
import { own } from '../../runner/util/own.ts';

/** A package group, as `groupinfo` tells it. */
export interface PackageGroup {
  readonly name: string;
  readonly mandatory: readonly string[];
  readonly default: readonly string[];
  readonly optional: readonly string[];
  readonly conditional: readonly string[];
}

const SECTIONS: Readonly<Record<string, 'mandatory' | 'default' | 'optional' | 'conditional'>> = {
  'Mandatory Packages': 'mandatory',
  'Default Packages': 'default',
  'Optional Packages': 'optional',
  'Conditional Packages': 'conditional',
};

/** Reads the groups in the answer of `yum -q groupinfo NAME` or `dnf -q group info NAME`; none when the group is unknown, whatever the exit code. */
export function parseGroupInfo({ stdout }: Pick<Output, 'stdout'>): readonly PackageGroup[] {
  const groups: PackageGroup[] = [];
  let section: string[] | undefined;
  for (const line of stdout.split('\n')) {
    const head = /^\s*(Environment )?Group: (.+?)\s*$/.exec(line);
    if (head) {
      groups.push({ name: head[2] ?? '', mandatory: [], default: [], optional: [], conditional: [] });
      section = undefined;
      continue;
    }
    const title = /^ (?! )([A-Z][A-Za-z -]+):/.exec(line);
    const group = groups.at(-1);
    if (title && group) {
      const kind = own(SECTIONS, title[1] ?? '');
      section = kind && (group[kind] as string[]);
    } else if (section && line.trim() !== '') {
      // With -v, dnf and later yum put marks (=, +, -) before names.
      section.push(line.trim().replace(/^[=+-]/, ''));
    }
  }
  return groups;
}

/** Names (and ids, where given in parentheses) of all groups in the answer of `grouplist`. */
export function parseGroupList(stdout: string): readonly string[] {
  const items = stdout
    .split('\n')
    .filter((line) => /^ {3}\S/.test(line))
    .map((line) => line.trim());
  return items.flatMap((item) => {
    const withId = /^(.*) \(([^()]+)\)$/.exec(item);
    return withId ? [withId[1] ?? '', withId[2] ?? ''] : [item];
  });
}
