import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openBytes } from './bytes.ts'

test('text and pieces come out in the order in which they went in, whatever their size', () => {
  const part = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.uint8Array().map((bytes) => Buffer.from(bytes)),
    fc.integer({ min: 1, max: 300_000 }).map((size) => 'é'.repeat(size)),
    fc.integer({ min: 1, max: 3_000_000 }).map((size) => Buffer.alloc(size, size)),
  )
  fc.assert(
    fc.property(fc.array(part, { maxLength: 6 }), (parts) => {
      const bytes = openBytes()
      for (const one of parts) {
        if (typeof one === 'string') bytes.text(one)
        else {
          const around = Buffer.concat([Buffer.from('<'), one, Buffer.from('>')])
          bytes.piece(around, 1, around.length - 1)
        }
      }
      const whole = bytes.take()
      const wanted = Buffer.concat(parts.map((one) => (typeof one === 'string' ? Buffer.from(one) : one)))
      expect(whole.equals(wanted)).toBe(true)
      openBytes().text('x'.repeat(wanted.length))
      expect(whole.equals(wanted)).toBe(true)
    }),
    { numRuns: 50 },
  )
})
