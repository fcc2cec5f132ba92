import type { SourceFile } from './file.ts';

/** A stretch of a source file: offsets in UTF-16 units, `end` exclusive. */
export interface Span {
  readonly file: SourceFile;
  readonly start: number;
  readonly end: number;
}

/**
 * Where a piece of text (a YAML scalar, an ini value) stands in its file.
 * `at` maps an offset in the decoded text to an offset in the file: exact for plain and simple quoted
 * scalars, the beginning of the scalar where escapes or folding make it inexact.
 */
export interface Origin {
  readonly file: SourceFile;
  at(offset: number): number;
}

/** Span of a part of a text with a known origin; at least one character wide, so that a caret can be drawn. */
export function spanAt(origin: Origin, start: number, end: number): Span {
  const from = origin.at(start);
  return { file: origin.file, start: from, end: Math.max(from + 1, origin.at(end)) };
}

/** `path:line:column` of the beginning of a span. */
export function spanLabel(span: Span): string {
  const { line, column } = span.file.position(span.start);
  return `${span.file.path}:${line}:${column}`;
}
