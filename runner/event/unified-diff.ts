import type { TextDiff } from '../task/change.ts';

/** Bytes beyond which a line diff is not computed: its time grows with the product of both sides. */
const LARGEST = 1024 * 1024;

/**
 * A unified diff with three lines of context and Ansible's headers (`--- before: LABEL`), ending in a newline;
 * '' when both sides are equal. The diff library is loaded on first use.
 */
export async function unifiedDiff(texts: TextDiff): Promise<string> {
  const { before, after } = texts;
  if (before === after) return '';
  const header = `--- before${label(texts.beforeLabel)}\n+++ after${label(texts.afterLabel)}\n`;
  if (before.includes('\0') || after.includes('\0')) return `${header}(binary, not shown)\n`;
  if (before.length + after.length > LARGEST) return `${header}(too large to compare line by line, not shown)\n`;
  const { structuredPatch } = await import('diff');
  const { hunks } = structuredPatch('', '', before, after, '', '', { context: 3 });
  return header + hunks.map((hunk) => `@@ -${range(hunk.oldStart, hunk.oldLines)} +${range(hunk.newStart, hunk.newLines)} @@\n${hunk.lines.join('\n')}\n`).join('');
}

function label(text: string): string {
  return text === '' ? '' : `: ${text}`;
}

/** `start,length` as diff -u writes it: a length of 1 is left out, and nothing stands after the line before it. */
function range(start: number, length: number): string {
  if (length === 1) return String(start);
  return length === 0 ? `${start - 1},0` : `${start},${length}`;
}
