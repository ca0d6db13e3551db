import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { airlines as registry } from '../../gateway/src/airlines/index.ts'
import { clientReference } from '../../gateway/src/booking/reference.ts'
import type { Booking, BookingRequest } from '../../gateway/src/schemas/booking.ts'
import type { Offer } from '../../gateway/src/schemas/offer.ts'
import { type Api, createApi } from '../support/api.ts'
import { createSystem, type FaultSwitch, type RunningAirline } from '../support/system.ts'
import { daysAhead, planTrip } from '../support/trip.ts'
import { until } from '../support/until.ts'

/** The gateway in earnest, but in a hurry. */
const haste = {
  BOOKING_DEADLINE_MS: '1500',
  BOOKING_LOOK_UP_MS: '4000',
  BOOKING_ASK_AGAIN_MS: '300',
  BOOKING_LEASE_MS: '1500',
  BOOKING_POLL_MS: '100',
  BOOKING_BACK_OFF_MS: '200',
  BOOKING_BACK_OFF_MOST_MS: '1000',
}

/** Every way in which the answer to a call that changes something can go wrong. */
const kinds: Pick<FaultSwitch, 'kind' | 'delayMs'>[] = [
  { kind: 'reset' },
  { kind: 'error' },
  { kind: 'rate_limited' },
  { kind: 'timeout' },
  { kind: 'lost_answer' },
  { kind: 'error_after' },
  { kind: 'late', delayMs: 2_500 },
  { kind: 'drip', delayMs: 2_500 },
  { kind: 'truncated' },
  { kind: 'html' },
  { kind: 'missing_key' },
  { kind: 'wrong_type' },
  { kind: 'done_later', delayMs: 800 },
]

const system = createSystem()
let airlines: RunningAirline[]
let api: Api
let day = 20

beforeAll(async () => {
  airlines = await Promise.all(
    registry.map(({ airline: { name } }) => system.startAirline(name, { [`${name.toUpperCase()}_RATE_LIMIT`]: '0' })),
  )
  api = createApi((await system.startGateway(airlines, haste)).url)
})

afterAll(() => system.close())

function airlineOf(name: string): RunningAirline {
  const found = airlines.find((one) => one.name === name)
  if (!found) throw new Error(`no airline is called ${name}`)
  return found
}

/** An offer of the airline on a day of its own. */
function freshOffer(airlineName: string): Promise<Offer> {
  const departureDate = daysAhead(day++)
  const query = { origin: 'DEL', destination: 'BOM', departureDate, airlines: airlineName }
  return until(`${airlineName} has an offer`, async () => (await api.search(query)).slices[0]?.offers[0])
}

/** The booking once its outcome is known. */
function settled(reference: string): Promise<Booking> {
  return until(`${reference} is settled`, async () => {
    const booking = await api.read(reference)
    return booking.status !== 'pending' && booking
  })
}

/** What the airline has of the booking; throws where it has it twice. */
async function orderAt(airline: RunningAirline, { reference }: Booking) {
  const orders = (await airline.orders()).filter((order) => order.clientReference === clientReference(reference, 1))
  expect(orders.length).toBeLessThanOrEqual(1)
  return orders[0]?.status ?? 'none'
}

/** Both sides say the same of the booking, which is one of these statuses. */
async function agree(airline: RunningAirline, booking: Booking, allowed: readonly Booking['status'][]): Promise<void> {
  expect(allowed).toContain(booking.status)
  const theirs = await orderAt(airline, booking)
  if (booking.status === 'failed') expect(['none', 'cancelled', 'lapsed']).toContain(theirs)
  else expect(theirs).toBe(booking.status)
  expect(await airline.audit()).toEqual([])
}

/** The booking that was just asked for, however its answer was: named there, or found by its offer. */
async function bookingOf({ offerIds: [offerId] }: BookingRequest): Promise<Booking> {
  const found = await until('the booking is listed', async () => {
    const { bookings } = await api.list()
    return bookings.find(({ orders }) => orders[0]?.offerId === offerId)
  })
  return settled(found.reference)
}

// The airlines are apart, so they are gone through at the same time; at each one fault follows the other.
describe.concurrent('whatever happens to a call that changes something, both sides come to say the same', () => {
  it.each(registry.map(({ airline }) => airline))('$name', { timeout: 400_000 }, async ({ name, capabilities }) => {
    const airline = airlineOf(name)
    for (const fault of kinds) {
      const strike = (operation: FaultSwitch['operation']) => airline.setFaults([{ operation, next: 1, ...fault }])
      const hasStruck = async (operation: string) => {
        const what = `${operation}/${fault.kind}`
        expect((await airline.struck()).get(what), what).toBe(1)
      }

      const { request: bought } = await planTrip(api, await freshOffer(name), 'now')
      await strike('purchase')
      await api.book(bought)
      const purchase = await bookingOf(bought)
      await hasStruck('purchase')
      await agree(airline, purchase, ['confirmed', 'failed'])
      if (fault.kind === 'lost_answer') expect(purchase.status).toBe('confirmed')
      if (!capabilities.hold) continue

      const { request } = await planTrip(api, await freshOffer(name), 'hold')
      await strike('hold')
      await api.book(request)
      const held = await bookingOf(request)
      await hasStruck('hold')
      await agree(airline, held, ['held', 'failed'])
      if (held.status === 'failed') continue

      await strike('pay')
      await api.call('POST', `/v1/bookings/${held.reference}/payment`)
      const paid = await settled(held.reference)
      await hasStruck('pay')
      await agree(airline, paid, ['confirmed', 'held', 'failed'])

      await strike('cancel')
      await api.call('POST', `/v1/bookings/${held.reference}/cancellation`, { body: { confirm: true } })
      const cancelled = await until(`${held.reference} is given back`, async () => {
        const now = await settled(held.reference)
        return now.status !== 'confirmed' && now.status !== 'held' && now
      })
      await hasStruck('cancel')
      await agree(airline, cancelled, ['cancelled', 'failed'])
    }
    await airline.setFaults([])
  })
})
