/** What shall become of an option or a section of an ini file. */
export interface IniWish {
  /** undefined: what stands before the first section. */
  readonly section: string | undefined;
  readonly option: string | undefined;
  readonly values: readonly string[];
  readonly state: 'present' | 'absent';
  /** No other value of the option stays. */
  readonly exclusive: boolean;
  /** `a=b` instead of `a = b`. */
  readonly noExtraSpaces: boolean;
  /** An option may stand alone, without `=`. */
  readonly allowNoValue: boolean;
}

/** What was done to the text. */
export interface IniEdited {
  readonly text: string;
  readonly changed: boolean;
  /** In the words of Ansible. */
  readonly msg: 'OK' | 'option changed' | 'option added' | 'section removed' | 'section and option added' | 'only section added';
  /** Lines of the section that went, and that came. */
  readonly removed: readonly string[];
  readonly added: readonly string[];
}

/** Matches a line that sets the option; what is commented out counts when it may be taken into use. Group 1 is the value. */
function optionPattern(option: string, commented: boolean): RegExp {
  const name = option.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
  return new RegExp(`^${commented ? '[#;]?' : ''}[ \\t]*${name}[ \\t]*(?:=|$)[ \\t]*(.*)`);
}

/** Edits an ini file line by line, as Ansible's `ini_file`: comments and order stay. */
export function editIni(given: string, wish: IniWish): IniEdited {
  const text = given.replace(/\r\n?/g, '\n');
  const unended = text !== '' && !text.endsWith('\n');
  const lines = text === '' ? [''] : text.replace(/\n$/, '').split('\n');
  const [start, end] = bounds(lines, wish.section);
  const missing = start === undefined;
  const before = missing ? [] : lines.slice(start, end);
  const { lines: after, msg } = missing ? { lines: [], msg: 'OK' as const } : editSection(before, wish);
  const head = missing ? lines : [...lines.slice(0, start), ...after, ...lines.slice(end)];
  const changed = unended || after.length !== before.length || after.some((line, index) => line !== before[index]);
  const done = { removed: less(before, after), added: less(after, before) };
  if (!missing || wish.state === 'absent') return { text: joined(head), changed, msg, ...done };
  const created = newSection(wish);
  return { text: joined([...head, ...created]), changed: true, msg: created.length > 1 ? 'section and option added' : 'only section added', removed: [], added: created };
}

const joined = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');

/** The lines of `a` that `b` lacks. */
function less(a: readonly string[], b: readonly string[]): readonly string[] {
  const left = [...b];
  return a.filter((line) => {
    const at = left.indexOf(line);
    if (at !== -1) left.splice(at, 1);
    return at === -1;
  });
}

/** Where the section begins (its head included) and ends; no beginning when there is none. */
function bounds(lines: readonly string[], section: string | undefined): readonly [number | undefined, number] {
  const start = section === undefined ? 0 : lines.findIndex((line) => line.startsWith(`[${section}]`));
  if (start === -1) return [undefined, lines.length];
  const next = lines.findIndex((line, index) => index >= start && line.startsWith('[') && !(section !== undefined && line.startsWith(`[${section}]`)));
  return [start, next === -1 ? lines.length : next];
}

function newSection({ section, option, values, allowNoValue, noExtraSpaces }: IniWish): readonly string[] {
  const set = option === undefined ? [] : values.map((value) => assignment(option, value, noExtraSpaces));
  const bare = option !== undefined && values.length === 0 && allowNoValue ? [option] : [];
  return [`[${section}]`, ...set, ...bare];
}

function assignment(option: string, value: string, tight: boolean): string {
  return tight ? `${option}=${value}` : `${option} = ${value}`;
}

type Edit = { readonly lines: readonly string[]; readonly msg: IniEdited['msg'] };

function editSection(lines: readonly string[], wish: IniWish): Edit {
  return wish.state === 'absent' ? removeFrom(lines, wish) : addTo(lines, wish);
}

function removeFrom(lines: readonly string[], { option, values, exclusive }: IniWish): Edit {
  if (option === undefined) return { lines: [], msg: lines.length > 0 ? 'section removed' : 'OK' };
  const pattern = optionPattern(option, false);
  const left = lines.filter((line) => {
    const match = pattern.exec(line);
    return match === null || !(exclusive || values.includes(match[1] ?? ''));
  });
  return { lines: left, msg: left.length === lines.length ? 'OK' : 'option changed' };
}

function addTo(given: readonly string[], wish: IniWish): Edit {
  const { option, exclusive, allowNoValue, noExtraSpaces } = wish;
  if (option === undefined) return { lines: given, msg: 'OK' };
  const pattern = optionPattern(option, true);
  const open = [...wish.values];
  let msg: IniEdited['msg'] = 'OK';
  let bare = false;
  const put = (line: Line, text: string): void => {
    if (line.text !== text) msg = 'option changed';
    line.text = text;
    line.settled = true;
  };
  let lines: Line[] = given.map((text) => ({ text, settled: false }));
  // Lines with a wanted value first, so that they keep their place.
  for (const line of lines) {
    const value = pattern.exec(line.text)?.[1];
    if (value === undefined) continue;
    if (open.includes(value)) {
      const alone = value === '' && allowNoValue;
      if (alone) bare = true;
      put(line, alone ? option : assignment(option, value, noExtraSpaces));
      open.splice(open.indexOf(value), 1);
    } else if (open.length === 0 && allowNoValue) {
      put(line, option);
      bare = true;
      break;
    }
  }
  if (exclusive && !allowNoValue) {
    for (const line of lines) {
      if (open.length === 0) break;
      if (!line.settled && pattern.test(line.text)) put(line, assignment(option, open.shift() ?? '', noExtraSpaces));
    }
    // The first line is the head of the section, or what stands first before all of them.
    const left = lines.filter((line, index) => line.settled || (index === 0 && wish.section !== undefined) || !pattern.test(line.text));
    if (left.length < lines.length) msg = 'option changed';
    lines = left;
  }
  const missing = open.length > 0 ? open.map((value) => assignment(option, value, noExtraSpaces)) : allowNoValue && !bare && wish.values.length === 0 ? [option] : [];
  if (missing.length === 0) return { lines: lines.map(({ text }) => text), msg };
  const last = lines.findLastIndex(({ text }) => !/^[ \t]*([#;].*)?$/.test(text));
  const all = lines.map(({ text }) => text);
  // Above all sections there may be nothing but comments: what comes is first then.
  return { lines: [...all.slice(0, last + 1), ...missing, ...all.slice(last + 1)], msg: 'option added' };
}

/** A line on its way. */
interface Line {
  text: string;
  settled: boolean;
}
