// Text in columns. Widths are counted in characters as people see them, so that letters with marks line up.

const GAP = '  ';
/** Made when it is first needed: it takes ten milliseconds, and most commands print no table. */
let segmenter: Intl.Segmenter | undefined;

/** Rows with aligned columns; the last column is never padded. The first row is the head. */
export function tableText(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, widthOf(cell));
  }
  return rows.map((row) => lineOf(row, widths)).join('\n');
}

function lineOf(row: readonly string[], widths: readonly number[]): string {
  const cells = row.map((cell, column) => {
    const width = column === row.length - 1 ? 0 : (widths[column] ?? 0);
    return cell + ' '.repeat(Math.max(0, width - widthOf(cell)));
  });
  return cells.join(GAP).trimEnd();
}

function widthOf(text: string): number {
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  return [...segmenter.segment(text)].length;
}
