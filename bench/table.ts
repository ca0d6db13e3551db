import { cellText, type Table } from './results.ts'

/** A table as aligned text, for a terminal and for a code block of a page. */
export function tableText({ title, columns, rows }: Table): string {
  const texts = [columns, ...rows.map((row) => row.map(cellText))]
  const widths = columns.map((_, column) => Math.max(...texts.map((row) => row[column]?.length ?? 0)))
  const line = (row: string[]) =>
    row
      .map((text, column) => (column === 0 ? text.padEnd(widths[column] ?? 0) : text.padStart(widths[column] ?? 0)))
      .join('   ')
      .trimEnd()
  return [title, ...texts.map((row) => `  ${line(row)}`)].join('\n')
}
