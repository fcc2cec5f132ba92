import { doubleQuoted, scalarStyle, type ScalarStyle } from './yaml-scalar.ts';

/** Text of a YAML document as it grows, with PyYAML's rules for columns, white space and folding. */
export class YamlEmitter {
  readonly #width: number;
  #out = '';
  #column = 0;
  #whitespace = true;
  #indention = true;

  constructor(width: number) {
    this.#width = width;
  }

  get text(): string {
    return this.#out;
  }

  get tooWide(): boolean {
    return this.#column > this.#width;
  }

  get indention(): boolean {
    return this.#indention;
  }

  #write(text: string): void {
    this.#out += text;
    this.#column += Array.from(text).length;
  }

  lineBreak(): void {
    this.#whitespace = true;
    this.#indention = true;
    this.#out += '\n';
    this.#column = 0;
  }

  /** Goes to a column, on a new line when needed. */
  indent(to: number): void {
    if (!this.#indention || this.#column > to || (this.#column === to && !this.#whitespace)) this.lineBreak();
    if (this.#column < to) {
      this.#whitespace = true;
      this.#write(' '.repeat(to - this.#column));
    }
  }

  indicator(text: string, needsSpace: boolean, whitespace = false, indention = false): void {
    this.#write(this.#whitespace || !needsSpace ? text : ` ${text}`);
    this.#whitespace = whitespace;
    this.#indention = this.#indention && indention;
  }

  scalar(text: string, style: ScalarStyle, indent: number, split: boolean): void {
    if (style === 'double') this.#double(text, indent, split);
    else if (style === 'single') this.#single(text, indent, split);
    else this.#plain(text, indent, split);
  }

  #plain(text: string, indent: number, split: boolean): void {
    if (text === '') return;
    if (!this.#whitespace) this.#write(' ');
    this.#whitespace = false;
    this.#indention = false;
    this.#folded(text, indent, split, (part) => part);
    this.#whitespace = false;
    this.#indention = false;
  }

  #single(text: string, indent: number, split: boolean): void {
    this.indicator("'", true);
    const rows = text.split(/(\n+)/);
    for (const [index, row] of rows.entries()) {
      if (index % 2 === 0) {
        this.#folded(row, indent, split, (part) => part.replaceAll("'", "''"), index === 0, index === rows.length - 1);
        continue;
      }
      // A single break would be read as a space.
      for (let each = 0; each <= row.length; each++) this.lineBreak();
      this.indent(indent);
    }
    this.indicator("'", false);
  }

  /** Words and runs of spaces; a single space beyond the width becomes a line break. */
  #folded(text: string, indent: number, split: boolean, escape: (part: string) => string, first = true, last = true): void {
    const parts = text.split(/( +)/).filter((part) => part !== '');
    for (const [index, part] of parts.entries()) {
      const atEdge = (first && index === 0) || (last && index === parts.length - 1);
      if (part === ' ' && split && !atEdge && this.#column > this.#width) this.indent(indent);
      else this.#write(escape(part));
      this.#whitespace = false;
      this.#indention = false;
    }
  }

  #double(text: string, indent: number, split: boolean): void {
    this.indicator('"', true);
    const all = Array.from(text);
    for (const [index, character] of all.entries()) {
      const inside = index > 0 && index < all.length - 1;
      if (character === ' ' && split && inside && all[index - 1] !== ' ' && this.#column > this.#width) {
        this.indent(indent);
        this.#whitespace = false;
        this.#indention = false;
        if (all[index + 1] === ' ') this.#write('\\');
        continue;
      }
      this.#write(doubleQuoted(character));
    }
    this.indicator('"', false);
  }

  /** Writes a text in the style that it needs. */
  string(text: string, indent: number, inFlow: boolean, isKey: boolean): void {
    const { style } = scalarStyle(text, inFlow, isKey);
    this.scalar(text, style, indent, !isKey);
  }
}
