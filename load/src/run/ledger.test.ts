import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Booking } from '../../../gateway/src/schemas/booking.ts'
import { createLedger } from './ledger.ts'
import { serveAnswers } from './testing.ts'

/** A booking that was recorded while it was held, under another reference. */
function booking(reference: string, changes: Partial<Booking> = {}): Booking {
  const { exchanges } = JSON.parse(readFileSync(new URL('../journey/fixtures/journey.json', import.meta.url), 'utf8'))
  return { ...exchanges[3].body, reference, ...changes }
}

/** What the audit says when travellers were told of these bookings and the gateway now has those. */
async function audit(told: readonly Booking[], now: readonly Booking[]): Promise<string[]> {
  const server = await serveAnswers(Object.fromEntries(now.map((one) => [`/v1/bookings/${one.reference}`, one])))
  try {
    const ledger = createLedger()
    for (const one of told) ledger.saw(one)
    const { read, violations } = await ledger.audit(server.url)
    expect(read).toBe(new Set(told.map(({ reference }) => reference)).size)
    return violations
  } finally {
    await server.close()
  }
}

describe('bookings read again', () => {
  const held = booking('AAAAAAAA')

  it('are as they were told, or have lapsed by themselves', async () => {
    expect(await audit([held], [held])).toEqual([])
    expect(await audit([held], [{ ...held, status: 'failed' }])).toEqual([])
    expect(await audit([held, { ...held, status: 'confirmed' }], [{ ...held, status: 'confirmed' }])).toEqual([])
  })

  it('are not lost, changed, or cancelled by nobody', async () => {
    const confirmed: Booking = { ...held, status: 'confirmed' }
    expect(await audit([held], [])).toEqual(['booking AAAAAAAA was told to be held, and reading it gives 404'])
    expect(await audit([held], [confirmed])).toEqual(['booking AAAAAAAA was told to be held, and is confirmed'])
    expect(await audit([confirmed], [{ ...confirmed, status: 'cancelled' }])).toEqual([
      'booking AAAAAAAA was told to be confirmed, and is cancelled',
    ])
    const price = held.price && { ...held.price, total: { amount: '1.00', currency: 'INR' } }
    expect((await audit([held], [{ ...held, price }]))[0]).toContain('costs 1.00 INR')
  })

  it('have no seat in common', async () => {
    const other = booking('BBBBBBBB')
    const both = await audit([held, other], [held, other])
    expect(both.length).toBe(held.segments.reduce((sum, { seats }) => sum + seats.length, 0))
    expect(both[0]).toMatch(/^seat \w+ .* belongs to bookings (AAAAAAAA and BBBBBBBB|BBBBBBBB and AAAAAAAA)$/)
    expect(await audit([held, other], [held, { ...other, status: 'cancelled' }])).toEqual([])
  })
})
