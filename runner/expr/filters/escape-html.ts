import { own } from '../../util/own.ts';
const HTML: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&#34;', "'": '&#39;' };

/** A text as HTML writes it, in the entities of Python's markupsafe. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => own(HTML, character) ?? character);
}
