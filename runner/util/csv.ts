/** How values are separated. */
export interface CsvDialect {
  readonly delimiter: string;
  /** Blanks after a delimiter are no part of the value. */
  readonly skipInitialSpace: boolean;
}

/** Reads CSV as Python's `csv` module does with its `excel` and `unix` dialects; empty lines are left out. */
export function parseCsv(text: string, { delimiter, skipInitialSpace }: CsvDialect): readonly (readonly string[])[] {
  const rows: string[][] = [];
  let row: string[] = [];
  let value = '';
  let quoted = false;
  // Nothing of the value, and nothing of the row, was read yet.
  let fresh = true;
  let empty = true;
  const endRow = (): void => {
    if (!empty) rows.push([...row, value]);
    row = [];
    value = '';
    fresh = true;
    empty = true;
  };
  for (let index = 0; index < text.length; index++) {
    const character = text[index] ?? '';
    if (quoted) {
      if (character !== '"') value += character;
      else if (text[index + 1] === '"') {
        value += '"';
        index++;
      } else quoted = false;
      continue;
    }
    if (character === '\n' || character === '\r') {
      endRow();
      continue;
    }
    empty = false;
    if (character === delimiter) {
      row.push(value);
      value = '';
      fresh = true;
    } else if (character === '"' && fresh) {
      quoted = true;
      fresh = false;
    } else if (!(fresh && skipInitialSpace && character === ' ')) {
      value += character;
      fresh = false;
    }
  }
  endRow();
  return rows;
}
