import { FanfareError } from '../errors.ts'

/** Where a page of the list of bookings ended, and which list it was. */
export interface Position {
  /** The status that the list was of; empty: any. */
  status: string
  /** Milliseconds since the epoch. */
  createdAt: number
  reference: string
}

/** A cursor for the page after the position. */
export function toCursor({ status, createdAt, reference }: Position): string {
  return Buffer.from(`${createdAt}.${reference}.${status}`).toString('base64url')
}

const form = /^(\d{1,15})\.([A-Z0-9]{8})\.([a-z]*)$/

/** Reads a cursor of the list with this status. Throws invalid_cursor where it is none, or of another list. */
export function parseCursor(cursor: string, status: string): Position {
  const match = form.exec(Buffer.from(cursor, 'base64url').toString())
  const [, createdAt = '', reference = '', of = ''] = match ?? []
  if (!match || of !== status) {
    throw new FanfareError('invalid_cursor', 'The cursor is not one that this list of bookings has given.')
  }
  return { status, createdAt: Number(createdAt), reference }
}
