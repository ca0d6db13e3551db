/** Where a page of one slice ended: the sort value and id of its last row. */
export interface Position {
  /** What the list is sorted by: price in minor units, minutes, or milliseconds since the epoch. */
  value: number
  id: string
}

/** A place to continue from. */
export interface Cursor extends Position {
  /** Index of the slice. */
  slice: number
}

const form = /^([A-Za-z0-9_-]{12})\.([01])\.(\d{1,16})\.([A-Za-z0-9~._-]{3,1000})$/

/** Writes a cursor that belongs to the query of this digest (12 characters of base64url). */
export function formatCursor({ slice, value, id }: Cursor, digest: string): string {
  return Buffer.from(`${digest}.${slice}.${value}.${id}`).toString('base64url')
}

/** Reads a cursor; null where it is none, or belongs to another query. What it says is still the client's word. */
export function parseCursor(text: string, digest: string): Cursor | null {
  const match = form.exec(Buffer.from(text, 'base64url').toString('latin1'))
  if (match === null) return null
  const [, boundTo, slice, value, id = ''] = match
  return boundTo === digest ? { slice: Number(slice), value: Number(value), id } : null
}
