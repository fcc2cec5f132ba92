/** A rule of a PAM service. */
export interface PamRule {
  readonly type: string;
  readonly control: string;
  readonly path: string;
  readonly args: readonly string[];
}

/** What shall become of the rules that have this type, control and path. */
export interface PamWish {
  readonly state: 'absent' | 'after' | 'args_absent' | 'args_present' | 'before' | 'updated';
  readonly find: Omit<PamRule, 'args'>;
  readonly put: { readonly type?: string | undefined; readonly control?: string | undefined; readonly path?: string | undefined; readonly args?: readonly string[] | undefined };
}

/** Words of arguments; what stands in brackets is one. */
export function pamArguments(words: readonly string[]): readonly string[] {
  return words.flatMap((word) => word.match(/\[.*\]|\S+/g) ?? []);
}

const plainControl = (control: string): string => control.replaceAll(' = ', '=');

function parseRule(line: string): PamRule | undefined {
  const [, type, control = '', path = '', args = ''] = /^\s*(-?(?:auth|account|session|password))\s+(\[.*?\]|\S+)\s+(\S+)\s*(.*?)\s*$/.exec(line) ?? [];
  return type === undefined ? undefined : { type, control: plainControl(control), path, args: pamArguments([args]) };
}

function formatRule({ type, control, path, args }: PamRule): string {
  return [`${type.padEnd(11)}${control}`, path, ...args].join(' ');
}

const isSame = (rule: PamRule | undefined, { type, control, path }: PamWish['find']): boolean => rule !== undefined && rule.type === type && rule.control === plainControl(control) && rule.path === path;

function withArguments(rule: PamRule, more: readonly string[]): PamRule {
  const key = (arg: string): string => (arg.includes('=') ? arg.slice(0, arg.indexOf('=') + 1) : arg);
  const kept = rule.args.map((arg) => more.find((each) => arg.includes('=') && key(each) === key(arg)) ?? arg);
  return { ...rule, args: [...kept, ...more.filter((arg) => !kept.includes(arg))] };
}

function changed(rule: PamRule, { state, put }: PamWish): PamRule {
  if (state === 'args_present') return withArguments(rule, put.args ?? []);
  if (state === 'args_absent') return { ...rule, args: rule.args.filter((arg) => put.args?.includes(arg) !== true) };
  return { type: put.type ?? rule.type, control: plainControl(put.control ?? rule.control), path: put.path ?? rule.path, args: put.args ?? rule.args };
}

/** Edits the rules of a PAM service; all other lines stay as they are. `count` is the number of rules that were touched. */
export function editPam(text: string, wish: PamWish): { readonly text: string; readonly count: number } {
  const lines = text.replace(/\n$/, '').split('\n');
  const rules = lines.map(parseRule);
  const means = (index: number): boolean => lines[index] !== undefined && !/^\s*(#|$)/.test(lines[index] ?? '');
  const neighbour = (index: number, step: 1 | -1): PamRule | undefined => {
    let at = index + step;
    while (at >= 0 && at < lines.length && !means(at)) at += step;
    return rules[at];
  };
  const { type = '', control = '', path = '', args = [] } = wish.put;
  const fresh = { type, control: plainControl(control), path, args };
  let count = 0;
  const next = lines.flatMap((line, index) => {
    const rule = rules[index];
    if (rule === undefined || !isSame(rule, wish.find)) return [line];
    if (wish.state === 'absent') {
      count++;
      return [];
    }
    if (wish.state === 'before' || wish.state === 'after') {
      if (isSame(neighbour(index, wish.state === 'before' ? -1 : 1), fresh)) return [line];
      count++;
      return wish.state === 'before' ? [formatRule(fresh), line] : [line, formatRule(fresh)];
    }
    const put = changed(rule, wish);
    if (formatRule(put) === formatRule(rule)) return [line];
    count++;
    return [formatRule(put)];
  });
  return { text: count === 0 ? text : next.map((line) => `${line}\n`).join(''), count };
}
