import { clientReference } from '../../gateway/src/booking/reference.ts'
import type { Booking, BookingList } from '../../gateway/src/schemas/booking.ts'
import type { OrderSummary } from '../../services/kit/src/index.ts'
import { minor } from '../../tests/support/money.ts'
import type { RunningAirline } from '../../tests/support/system.ts'
import { bodyAs, type Calls } from './calls.ts'
import type { Entry, Ledger } from './ledger.ts'

/** An order as a booking has it. */
interface BookedOrder {
  entry: Entry
  airline: string
  order: Booking['orders'][number]
}

/** What an airline may say of an order, by what the booking says of it. null: that it has none. */
const partners: Record<Booking['orders'][number]['status'], readonly (OrderSummary['status'] | null)[]> = {
  held: ['held'],
  confirmed: ['confirmed'],
  cancelled: ['cancelled', 'lapsed'],
  failed: [null, 'cancelled', 'lapsed'],
  pending: [],
}

/** What of the gateways' bookings and the airlines' orders does not match one to one; [] when all does. */
export async function compareBooks(
  airlines: readonly Pick<RunningAirline, 'name' | 'now' | 'orders'>[],
  entries: readonly Entry[],
): Promise<string[]> {
  const booked = new Map(entries.flatMap(ordersOf))
  const differences: string[] = []
  const owners = new Map<string, string>()
  for (const airline of airlines) {
    const { name } = airline
    const now = await airline.now()
    const orders = await airline.orders()
    const known = new Set<string>()
    for (const order of orders) {
      if (known.has(order.clientReference)) differences.push(`${name} has two orders for ${order.clientReference}`)
      known.add(order.clientReference)
      if (order.status === 'held' && (order.payBy ?? 0) <= now) {
        differences.push(`${name} holds ${order.locator} past its time`)
      }
      const ours = booked.get(order.clientReference)
      if (ours?.airline === name) differences.push(...differencesOf(ours, order))
      else differences.push(`${name} has order ${order.locator} (${order.clientReference}), which no booking has`)
    }
    for (const [reference, ours] of booked) {
      if (ours.airline !== name || known.has(reference)) continue
      if (partners[ours.order.status].includes(null) || ours.order.airlineReference === null) continue
      differences.push(`${titleOf(ours)} is ${ours.order.status}, but ${name} has no such order`)
    }
  }
  for (const entry of entries) {
    if (entry.settled?.status !== 'held' && entry.settled?.status !== 'confirmed') continue
    for (const { id, airline, seats } of entry.acknowledged?.segments ?? []) {
      for (const { designator } of seats) {
        const seat = `${airline} ${id} ${designator}`
        const other = owners.get(seat)
        if (other !== undefined) differences.push(`seat ${seat} belongs to bookings ${other} and ${entry.reference}`)
        owners.set(seat, entry.reference ?? '')
      }
    }
  }
  return differences
}

function ordersOf(entry: Entry): [string, BookedOrder][] {
  const { reference, latest } = entry
  if (reference === null || !latest) return []
  return latest.orders.map((order, index) => [
    clientReference(reference, index + 1),
    { entry, airline: order.airline, order },
  ])
}

function differencesOf(ours: BookedOrder, theirs: OrderSummary): string[] {
  const { airline, order } = ours
  const differences: string[] = []
  const differ = (what: string, our: unknown, their: unknown) =>
    differences.push(`${titleOf(ours)}: ${what} is ${our}, but ${airline} says ${their} of ${theirs.locator}`)
  if (!partners[order.status].includes(theirs.status)) differ('status', order.status, theirs.status)
  if (order.airlineReference !== null && order.airlineReference !== theirs.locator) {
    differ('record locator', order.airlineReference, theirs.locator)
  }
  const total = order.airlinePrice === null ? null : minor(order.airlinePrice)
  if (total !== theirs.total) differ('total', total, theirs.total)
  return differences
}

function titleOf({ entry, airline }: BookedOrder): string {
  return `the order at ${airline} of booking ${entry.reference} (${entry.latest?.status})`
}

/** Every airline's own statement of its invariants; [] when all hold. */
export async function audit(airlines: readonly Pick<RunningAirline, 'name' | 'audit'>[]): Promise<string[]> {
  const found = await Promise.all(
    airlines.map(async (one) => (await one.audit()).map((what) => `${one.name}: ${what}`)),
  )
  return found.flat()
}

/** Reads the gateways' list to its end, or back to `since` (milliseconds since the epoch), newest first. */
export async function listBookings(
  calls: Calls,
  signal: AbortSignal,
  { status, since = 0 }: { status?: Booking['status']; since?: number } = {},
): Promise<{ bookings: Booking[]; sentAt: number }> {
  const bookings: Booking[] = []
  const startedAt = performance.now()
  for (let cursor: string | null = ''; cursor !== null; ) {
    const query = new URLSearchParams({ limit: '100', ...(status && { status }), ...(cursor !== '' && { cursor }) })
    const answer = await calls.untilAnswered(
      { method: 'GET', path: `/v1/bookings?${query}`, name: 'GET bookings' },
      signal,
    )
    if (answer?.status !== 200)
      throw new Error(`the list of bookings is not to be had: ${answer?.status ?? 'no answer'}`)
    const page = bodyAs<BookingList>('BookingList', answer)
    bookings.push(...page.bookings)
    const last = page.bookings.at(-1)
    cursor = last && Date.parse(last.createdAt) < since ? null : page.nextCursor
  }
  return { bookings, sentAt: startedAt }
}

/** Holds a list of bookings against what travellers were told: each is somebody's, and as it was acknowledged. */
export function checkList(ledger: Ledger, { bookings, sentAt }: { bookings: Booking[]; sentAt: number }): void {
  const seen = new Set<string>()
  for (const booking of bookings) {
    const { reference } = booking
    if (seen.has(reference)) ledger.violate(`booking ${reference} is twice in the list`)
    seen.add(reference)
    const entry = ledger.byReference(reference)
    if (entry) ledger.saw(entry, booking, sentAt)
    else ledger.violate(`booking ${reference} (${booking.status}) is nobody's: no key stands for it`)
  }
}
