/** What a benchmark found: one row a measurement, with notes that a reader needs to believe it. */
export interface Table {
  readonly name: string;
  readonly rows: ReadonlyArray<Readonly<Record<string, string | number>>>;
  readonly notes: readonly string[];
}

function cell(value: string | number | undefined): string {
  if (typeof value !== 'number') return value ?? '';
  return Number.isInteger(value) ? String(value) : value.toFixed(value < 10 ? 3 : 1);
}

/** Prints a table to standard output, columns aligned, as Markdown reads it. */
export function printTable(table: Table): void {
  const columns = [...new Set(table.rows.flatMap((row) => Object.keys(row)))];
  const lines = [columns, ...table.rows.map((row) => columns.map((column) => cell(row[column])))];
  const widths = columns.map((_, index) => Math.max(3, ...lines.map((line) => (line[index] ?? '').length)));
  const format = (line: readonly string[]) =>
    `| ${widths.map((width, index) => (line[index] ?? '').padEnd(width)).join(' | ')} |`;
  const [head = [], ...body] = lines;
  const rule = widths.map((width) => '-'.repeat(width));
  const text = [`## ${table.name}`, '', format(head), format(rule), ...body.map(format), ''];
  const notes = table.notes.map((note) => `- ${note}`);
  process.stdout.write(`${[...text, ...notes].join('\n')}\n\n`);
}
