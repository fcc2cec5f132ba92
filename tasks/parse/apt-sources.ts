/** One line of a sources.list. */
export interface SourceLine {
  readonly text: string;
  /** The source in its plainest form; undefined for comments and blanks. */
  readonly source?: string;
  /** False for a source that is commented out. */
  readonly enabled: boolean;
}

/** Reads a sources.list; a commented-out source is told from a comment by its first word. */
export function parseSources(text: string): readonly SourceLine[] {
  return text.split('\n').map((line) => {
    const [, hash = '', rest = ''] = /^\s*(#?)(.*)$/.exec(line) ?? [];
    const source = plainSource(rest.replace(/(?<=.)#.*$/, ''));
    return /^deb(-src)? /.test(source) ? { text: line, source, enabled: hash === '' } : { text: line, enabled: false };
  });
}

/** A source with single blanks, as lines are compared. */
export function plainSource(source: string): string {
  return source.trim().replace(/\s+/g, ' ');
}

/** The file a source goes into by itself, without `.list`: made of its address as Ansible makes it. */
export function sourceFileName(source: string): string {
  const words = source.replace(/\[[^\]]+\]/g, '').replace(/\w+:\/\//g, '').split(/\s+/).filter((word) => word !== '' && !/^deb(-src)?$/.test(word));
  return (words[0] ?? '').replace(/^[^@]*@/, '').replace(/[^a-zA-Z0-9]+/g, ' ').trim().replace(/ /g, '_');
}
