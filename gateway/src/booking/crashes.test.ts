import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Booking } from '../schemas/booking.ts'
import { type Crash, type Life, type Lived, live } from './lives.ts'
import { sqliteDatabase } from './store/sqlite.ts'
import { openStore } from './store/store.ts'
import type { Fault } from './testing.ts'

// Replay a failure with the seed and path that it prints: FAST_CHECK_SEED=… FAST_CHECK_PATH=… npm test -- crashes
const { CI, FAST_CHECK_SEED, FAST_CHECK_PATH, FAST_CHECK_RUNS } = process.env
const numRuns = Number(FAST_CHECK_RUNS || (CI === 'true' ? 1_000 : 200))
const seed = Number(FAST_CHECK_SEED || Math.floor(Math.random() * 2 ** 31))

// Files in memory where there are any: every write waits for the disk otherwise, and there are thousands.
const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'fanfare-crashes-'))
const empty = join(folder, 'empty.sqlite')
let files = 0
beforeAll(async () => (await openStore(sqliteDatabase(empty))).close())
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const laterMs = fc.constantFrom(3_000, 20_000, 90_000, 20 * 60_000)
const fault: fc.Arbitrary<Fault> = fc.oneof(
  { weight: 6, arbitrary: fc.constant<Fault>('none') },
  { weight: 3, arbitrary: fc.constantFrom<Fault>('lost before', 'lost after', 'hidden') },
  { weight: 3, arbitrary: laterMs.map((actsAfterMs): Fault => ({ actsAfterMs })) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(2_000, 12_000, 25_000, 40_000).map((answersAfterMs): Fault => ({ answersAfterMs })),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Fault>('unavailable', 'rate limited', 'circuit open', 'busy', 'price moves'),
  },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom('sold_out' as const, 'seat_taken' as const, 'price_changed' as const, 'not_cancellable' as const)
      .map((refuses): Fault => ({ refuses })),
  },
)
const crash: fc.Arbitrary<Crash> = fc.option(
  fc.record({ write: fc.integer({ min: 1, max: 14 }), when: fc.constantFrom('before' as const, 'after' as const) }),
  { freq: 4 },
)
const minutes = fc.constantFrom(0, 0, 15, -20)
const lives: fc.Arbitrary<Life> = fc.record({
  faults: fc.array(fc.array(fault, { maxLength: 5 }), { minLength: 3, maxLength: 3 }),
  crashes: fc.array(crash, { maxLength: 4 }),
  gateways: fc.constantFrom(1 as const, 2 as const),
  airlines: fc.constantFrom([0], [2], [0, 1], [2, 0], [0, 1, 2]),
  payment: fc.constantFrom('now' as const, 'hold' as const),
  wishes: fc.constantFrom('nothing' as const, 'pay' as const, 'cancel' as const, 'pay and cancel' as const),
  moves: fc.tuple(minutes, minutes, minutes),
  refreshes: fc.boolean(),
})

/** All of a segment but the times that its airline may move. */
function asBooked({ segments }: Booking) {
  return segments.map(({ departingAt, arrivingAt, movedFrom, ...segment }) => ({
    ...segment,
    ...(movedFrom ?? { departingAt, arrivingAt }),
  }))
}

function check({ wishes, moves }: Life, lived: Lived) {
  const { promises, settled, ended, refreshed, again, all, atAirlines, offences } = lived

  expect(offences).toEqual([])
  expect(all).toHaveLength(1)

  // Nothing is left pending; a hold that nobody paid is gone.
  expect(settled.status).not.toBe('pending')
  expect(['confirmed', 'failed', 'cancelled']).toContain(ended.status)

  // What was acknowledged is there as it was acknowledged, unless its time to pay passed or the traveller gave it back.
  for (const promised of promises) {
    const { status, reference, orders, price, passengers } = promised
    expect(ended).toMatchObject({ reference, price, passengers })
    expect(asBooked(ended)).toEqual(asBooked(promised))
    expect(ended.orders.map(({ airlineReference }) => airlineReference)).toEqual(
      orders.map(({ airlineReference }) => airlineReference),
    )
    if (status === 'cancelled') expect(ended.status).toBe('cancelled')
    if (status === 'confirmed') {
      expect(wishes.endsWith('cancel') ? ['confirmed', 'cancelled'] : ['confirmed']).toContain(ended.status)
    }
  }

  // The same key still gives the same booking.
  if (again instanceof Error) expect(ended.status).toBe('failed')
  else expect(again).toEqual(ended)

  // The airlines have the orders that the booking says, no other, and nothing for a booking that came to nothing.
  const ours = new Map(ended.orders.map((order, index) => [`${ended.reference}-${index + 1}`, order]))
  for (const [clientReference, { airline, order }] of atAirlines) {
    const known = ours.get(clientReference)
    expect(known?.airline).toBe(airline)
    expect(order.status).toBe(ended.status === 'confirmed' ? 'confirmed' : 'cancelled')
    if (known?.airlineReference) expect(known.airlineReference).toBe(order.airlineReference)
  }
  // Whoever asks sees the flights as they fly now, and each of them was told to have moved no more often than it did.
  const { sources, ...refreshedBooking } = refreshed
  expect(refreshedBooking).toEqual(ended)
  for (const airline of new Set(ended.orders.map((order) => order.airline))) {
    const told = ended.history.filter((entry) => entry.event === 'schedule_changed' && entry.airline === airline)
    expect(told.length).toBeLessThanOrEqual(moves.filter((minutes) => minutes !== 0).length)
  }

  if (ended.status === 'confirmed') {
    expect(sources?.map(({ status }) => status)).toEqual(ended.orders.map(() => 'ok'))
    for (const { order } of atAirlines.values()) {
      for (const { segmentId, departingAt, arrivingAt } of order.flights) {
        expect(ended.segments.find(({ id }) => id === segmentId)).toMatchObject({ departingAt, arrivingAt })
      }
    }
    for (const [clientReference, { airlineReference, airlinePrice, status }] of ours) {
      const { order } = atAirlines.get(clientReference) ?? {}
      expect(status).toBe('confirmed')
      expect(order).toMatchObject({ airlineReference, price: { total: airlinePrice } })
    }
  }
}

test(`whatever airlines do and wherever gateways die, nothing is lost, doubled or left half done (seed ${seed})`, async () => {
  console.log(`${numRuns} lives of a booking from seed ${seed}`)
  await fc.assert(
    fc.asyncProperty(lives, async (life) => {
      check(life, await live(life, empty, join(folder, `${++files}.sqlite`)))
    }),
    { numRuns, seed, ...(FAST_CHECK_PATH && { path: FAST_CHECK_PATH }) },
  )
}, 900_000)
