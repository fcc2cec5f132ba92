import type { Diagnostic } from './diagnostic.ts';
import { spanLabel, type Span } from './span.ts';

/**
 * Prints a diagnostic the way a person reads it: place, excerpt with a caret, cause, fix.
 * Plain text, no colours, no final newline.
 */
export function formatDiagnostic(diagnostic: Diagnostic): string {
  const { severity, code, message, span, help, related = [] } = diagnostic;
  const lines = [`${severity}[${code}]: ${message}`];
  if (span) lines.push(...excerpt(span));
  for (const other of related) lines.push(`  note: ${other.message}`, ...excerpt(other.span));
  if (help) lines.push(`  fix: ${help}`);
  return lines.join('\n');
}

function excerpt(span: Span): string[] {
  const from = span.file.position(span.start);
  const to = span.file.position(Math.max(span.start, span.end - 1));
  const text = span.file.line(from.line);
  const last = to.line === from.line ? to.column : text.length;
  const gutter = String(from.line);
  // Tabs are kept in the padding so that the caret stands under its character whatever the tab width.
  const padding = text.slice(0, from.column - 1).replace(/[^\t]/g, ' ');
  return [
    `  --> ${spanLabel(span)}`,
    `  ${gutter} | ${text}`,
    `  ${' '.repeat(gutter.length)} | ${padding}${'^'.repeat(Math.max(1, last - from.column + 1))}`,
  ];
}
