/** A rule of `semanage fcontext -l`. */
export interface FileContext {
  readonly target: string;
  /** `all files`, `directory` … */
  readonly kind: string;
  readonly user: string;
  readonly type: string;
  readonly level: string;
}

const KINDS = 'all files|regular file|directory|character device|block device|socket|symbolic link|named pipe';

/** Reads the rules of `semanage fcontext -l`. */
export function parseFileContexts(text: string): readonly FileContext[] {
  return [...text.matchAll(new RegExp(`^(/.*?|[^\\s/].*?)\\s+(${KINDS})\\s+(\\S+)\\s*$`, 'gm'))].map(([, target = '', kind = '', context = '']) => {
    const [user = '', , type = '', ...level] = context.split(':');
    return { target, kind, user, type: context === '<<None>>' ? context : type, level: level.join(':') };
  });
}

/** Reads the equivalent folders of `semanage fcontext -l`: target → what it is treated as. */
export function parseEquivalents(text: string): ReadonlyMap<string, string> {
  return new Map([...text.matchAll(/^(\/\S*) = (\/\S*)\s*$/gm)].map(([, target = '', like = '']) => [target, like]));
}

/** Reads `semanage port -l`: `TYPE PROTOCOL` → ports and ranges. */
export function parsePortTypes(text: string): ReadonlyMap<string, readonly string[]> {
  return new Map([...text.matchAll(/^(\w+)\s+(tcp|udp|dccp|sctp)\s+(\d.*)$/gm)].map(([, type = '', proto = '', ports = '']) => [`${type} ${proto}`, ports.split(',').map((port) => port.trim())]));
}

/** Reads `semanage permissive -l`. */
export function parsePermissive(text: string): readonly string[] {
  return [...text.matchAll(/^(\w+)\s*$/gm)].map(([, domain = '']) => domain);
}
