import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatCursor, parseCursor } from './cursor.ts'

const digest = 'abcdefghij-_'
const cursors = fc.record({
  slice: fc.constantFrom(0, 1),
  value: fc.nat({ max: 999_999_999_999_999 }),
  id: fc.stringMatching(/^[A-Za-z0-9~._-]{3,1000}$/),
})

test('a cursor reads back, and fits the length that a query allows', () => {
  fc.assert(
    fc.property(cursors, (cursor) => {
      const text = formatCursor(cursor, digest)
      expect(parseCursor(text, digest)).toEqual(cursor)
      expect(text).toMatch(/^[A-Za-z0-9_-]{1,1500}$/)
    }),
  )
  const longest = formatCursor({ slice: 1, value: Number.MAX_SAFE_INTEGER, id: 'x'.repeat(1000) }, digest)
  expect(longest.length).toBeLessThanOrEqual(1500)
})

test('one of another query is none', () => {
  fc.assert(
    fc.property(cursors, (cursor) => {
      expect(parseCursor(formatCursor(cursor, digest), 'abcdefghij-A')).toBeNull()
    }),
  )
})

test('whatever else is sent is none, and nothing throws', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[A-Za-z0-9_-]{1,1500}$/), (text) => {
      expect(parseCursor(text, digest)).toBeNull()
    }),
  )
  for (const forged of [
    `${digest}.2.1.abc`,
    `${digest}.0.-1.abc`,
    `${digest}.0.1e9.abc`,
    `${digest}.0.1.`,
    `${digest}`,
  ]) {
    expect(parseCursor(Buffer.from(forged).toString('base64url'), digest), forged).toBeNull()
  }
})
