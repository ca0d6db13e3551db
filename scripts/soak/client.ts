import { randomUUID } from 'node:crypto'
import type { Booking } from '../../gateway/src/schemas/booking.ts'
import type { Api } from '../../tests/support/api.ts'
import { daysAhead, planTrip } from '../../tests/support/trip.ts'

/** What clients saw. */
export interface Seen {
  searches: number
  /** Searches with every airline in. */
  complete: number
  bookings: number
  /** Answers by status, of calls that were refused or failed. */
  refusals: Map<string, number>
  /** What must never be, for a person to read. */
  wrong: string[]
}

const routes = [
  ['DEL', 'BOM'],
  ['BOM', 'DEL'],
  ['DEL', 'BLR'],
  ['BLR', 'BOM'],
] as const
/** Few enough days that the cache fills early and then stays as large as it is. */
const days = 25

/** A client that goes on until `isOver`: searches, looks at what it found, sometimes books, pays or cancels. */
export async function runClient(api: Api, chance: () => number, isOver: () => boolean, seen: Seen): Promise<void> {
  while (!isOver()) {
    try {
      await visit(api, chance, seen)
    } catch (error) {
      // Under chaos a trip may not be had: no answer to a look, an offer that is gone. What was said is counted.
      const what = error instanceof Error ? error.message.replaceAll(/[0-9a-f-]{36}/g, '…').slice(0, 60) : 'unknown'
      seen.refusals.set(what, (seen.refusals.get(what) ?? 0) + 1)
    }
  }
}

async function visit(api: Api, chance: () => number, seen: Seen): Promise<void> {
  const [origin, destination] = routes[Math.floor(chance() * routes.length)] ?? routes[0]
  const departureDate = daysAhead(20 + Math.floor(chance() * days))
  const found = await api.search({ origin, destination, departureDate })
  seen.searches++
  if (found.complete) seen.complete++
  const offers = found.slices[0]?.offers ?? []
  const offer = offers[Math.floor(chance() * offers.length)]
  if (!offer || chance() < 0.7) return
  const { request } = await planTrip(api, offer, chance() < 0.3 ? 'hold' : 'now')
  if (chance() < 0.5) return
  const answer = await api.book(request, randomUUID())
  if (answer.status !== 201 && answer.status !== 202) {
    const { code } = api.problem(answer)
    seen.refusals.set(code, (seen.refusals.get(code) ?? 0) + 1)
    return
  }
  seen.bookings++
  const booking = await api.read(referenceOf(answer.body))
  check(booking, request.expectedTotal.amount, seen)
  if (booking.status === 'held' && chance() < 0.5) {
    await api.call('POST', `/v1/bookings/${booking.reference}/payment`)
  } else if (chance() < 0.4) {
    await api.call('POST', `/v1/bookings/${booking.reference}/cancellation`, { body: { confirm: true } })
  }
}

function referenceOf(body: unknown): string {
  if (typeof body === 'object' && body !== null && 'reference' in body) return String(body.reference)
  throw new Error('a booking without a reference')
}

function check({ reference, status, price }: Booking, expected: string, seen: Seen): void {
  const agreed = status === 'confirmed' || status === 'held'
  if (agreed && price?.total.amount !== expected) {
    seen.wrong.push(`booking ${reference} costs ${price?.total.amount}, where ${expected} was agreed`)
  }
}
