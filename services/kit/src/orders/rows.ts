import type { SQLOutputValue } from 'node:sqlite'

/** A row as node:sqlite gives it. */
export type Row = Record<string, SQLOutputValue>

/** The text in a column. Throws TypeError when it holds anything else: then the query and its reader disagree. */
export function text(row: Row, column: string): string {
  const value = row[column]
  if (typeof value !== 'string') throw new TypeError(`column ${column} holds no text`)
  return value
}

/** The integer in a column. Throws TypeError when it holds anything else. */
export function integer(row: Row, column: string): number {
  const value = row[column]
  if (typeof value !== 'number') throw new TypeError(`column ${column} holds no integer`)
  return value
}

/** The integer in a column that may be null. Throws TypeError when it holds anything else. */
export function integerOrNull(row: Row, column: string): number | null {
  return row[column] === null ? null : integer(row, column)
}

/** The text in a column that holds one of a few words. Throws TypeError when it is none of them. */
export function oneOf<const T extends string>(row: Row, column: string, words: readonly T[]): T {
  const value = text(row, column)
  const word = words.find((candidate) => candidate === value)
  if (word === undefined) throw new TypeError(`column ${column} holds none of ${words.join(', ')}`)
  return word
}

/** The number in a column, whole or not. Throws TypeError when it holds anything else. */
export function real(row: Row, column: string): number {
  const value = row[column]
  if (typeof value !== 'number') throw new TypeError(`column ${column} holds no number`)
  return value
}
