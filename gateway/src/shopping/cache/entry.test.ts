import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bodyLength, decodeEntry, type Entry, encodeEntry } from './entry.ts'

const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array))
const time = fc.integer({ min: 0, max: 2 ** 44 })
const entries: fc.Arbitrary<Entry> = fc
  .record({
    body: bytes,
    isZipped: fc.boolean(),
    etag: fc.constantFrom('', '"abc"', '"x-_9"'),
    storedAt: time,
    freshUntil: time,
    keepUntil: time,
  })
  .map(({ isZipped, ...entry }) => ({ ...entry, gzip: isZipped ? gzipSync(entry.body) : null }))

describe('an entry on its way through Redis', () => {
  test('comes back as it was', () => {
    fc.assert(
      fc.property(entries, (entry) => {
        const decoded = decodeEntry(encodeEntry(entry))
        expect(decoded && bodyLength(decoded)).toBe(entry.body.length)
        expect(decoded).toMatchObject(entry)
      }),
    )
  })

  test('is not unpacked for whoever takes its gzip', () => {
    const gzip = Buffer.from('no gzip')
    const times = { storedAt: 1, freshUntil: 2, keepUntil: 3 }
    const decoded = decodeEntry(encodeEntry({ body: Buffer.alloc(1000, 'x'), gzip, etag: '"abc"', ...times }))
    expect(decoded).toMatchObject({ gzip, etag: '"abc"', ...times })
    expect(() => decoded?.body).toThrow()
  })

  test('is a miss when any byte is another', () => {
    fc.assert(
      fc.property(entries, fc.nat(), fc.integer({ min: 1, max: 255 }), (entry, at, change) => {
        const encoded = encodeEntry(entry)
        const index = at % encoded.length
        encoded[index] = (encoded[index] ?? 0) ^ change
        expect(decodeEntry(encoded)).toBeNull()
      }),
    )
  })

  test('is a miss when it was cut off, and so is anything else', () => {
    fc.assert(
      fc.property(entries, fc.nat(), (entry, at) => {
        const encoded = encodeEntry(entry)
        expect(decodeEntry(encoded.subarray(0, at % encoded.length))).toBeNull()
      }),
    )
    fc.assert(fc.property(bytes, (noise) => decodeEntry(noise) === null))
  })
})
