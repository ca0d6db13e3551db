import { isDeepStrictEqual } from 'node:util'
import type { Booking, BookingRequest, BookingStatus, Cancellation } from '../../gateway/src/schemas/booking.ts'
import { add } from './stage.ts'

/** What a traveller was told of one booking, and asked for. */
export interface Entry {
  key: string
  request: BookingRequest
  /** false: it asks for a hold where an airline has none, and must be refused. */
  isSound: boolean
  /** null until an answer named it. */
  reference: string | null
  /** false: no gateway has answered the request to book yet. */
  isAnswered: boolean
  /** The code of the refusal that the booking ended with at once; null: it did not. */
  refusal: string | null
  /** What it was when last seen, pending left out; null: never seen but pending. */
  settled: { status: Exclude<BookingStatus, 'pending'>; at: number } | null
  /** As it was when it was first held or confirmed; null: it never was. */
  acknowledged: Acknowledged | null
  /** As last seen, pending included; `payBy` stays as it was when it was held. */
  latest: Pick<Booking, 'status' | 'orders' | 'payBy'> | null
  /** What a gateway said that cancelling it has given or gives back; null: it has not. */
  given: Pick<Cancellation, 'refund' | 'fee'> | null
  /** What the traveller has asked for since. */
  asked: { payment: boolean; cancellation: boolean }
  /** Whether the time of one of its holds was made to pass. */
  mayLapse: boolean
  /** The last round in which anybody did something to it. */
  round: number
}

/** What stays of a booking once it was acknowledged. */
type Acknowledged = Pick<Booking, 'reference' | 'createdAt' | 'passengers' | 'contact' | 'segments' | 'price'> & {
  orders: Omit<Booking['orders'][number], 'status'>[]
}

/** Everything that travellers were told, held to the promises at once. */
export interface Ledger {
  entries: readonly Entry[]
  /** Which promises were broken; each once. */
  violations: ReadonlySet<string>
  violate(what: string): void
  /** A traveller is about to book. */
  open(key: string, request: BookingRequest, round: number, isSound?: boolean): Entry
  /** A gateway has shown the booking; `sentAt` is when it was asked, by performance.now(). */
  saw(entry: Entry, booking: Booking, sentAt: number): void
  /** A gateway has said what a cancellation gives back, and whether it is done. */
  gaveBack(entry: Entry, cancellation: Cancellation): void
  /** A gateway has refused to book. `reference` is that of the failed booking; null: none was stored. */
  refused(entry: Entry, code: string, reference: string | null): void
  /** null: no answer has named it. */
  byReference(reference: string): Entry | null
  /** How often each answer came, by `POST booking 201` and the like. */
  answers: Map<string, number>
}

/** How far the airlines' and this process's clocks may be apart, in milliseconds. */
const slackMs = 1_000

/** An empty ledger. */
export function createLedger(): Ledger {
  const entries: Entry[] = []
  const references = new Map<string, Entry>()
  const violations = new Set<string>()

  const violate = (what: string) => violations.add(what)

  function named(entry: Entry, reference: string) {
    if (entry.reference !== null && entry.reference !== reference) {
      violate(`key ${entry.key} stands for two bookings: ${entry.reference} and ${reference}`)
    }
    const other = references.get(reference)
    if (other && other !== entry) violate(`booking ${reference} stands for two keys: ${other.key} and ${entry.key}`)
    entry.reference = reference
    references.set(reference, entry)
  }

  function checkStatus(entry: Entry, { reference, status, history }: Booking) {
    const from = entry.refusal !== null ? 'failed' : (entry.settled?.status ?? null)
    if (mayBecome(entry, from, status)) return
    const last = history.at(-1)
    violate(`booking ${reference} was told to be ${from}, and now is ${status}: ${last?.event}, ${last?.detail}`)
  }

  function checkContent(entry: Entry, booking: Booking) {
    const { reference, status } = booking
    for (const difference of differencesFrom(entry.request, booking)) violate(`booking ${reference}: ${difference}`)
    const payBy = entry.latest?.payBy
    if (status === 'held' && payBy && payBy !== booking.payBy) {
      violate(`booking ${reference} was held until ${payBy}, and now is until ${booking.payBy}`)
    }
    if (entry.acknowledged) {
      const now: Acknowledged = lastingOf(booking)
      for (const [field, before] of Object.entries(entry.acknowledged)) {
        const after = Object.entries(now).find(([name]) => name === field)?.[1]
        if (isDeepStrictEqual(before, after)) continue
        violate(`booking ${reference} was acknowledged with ${field} ${show(before)}, and now has ${show(after)}`)
      }
    } else if (status === 'held' || status === 'confirmed') {
      entry.acknowledged = lastingOf(booking)
    }
  }

  return {
    entries,
    violations,
    violate,
    answers: new Map(),

    open(key, request, round, isSound = true) {
      const entry: Entry = {
        key,
        request,
        isSound,
        reference: null,
        isAnswered: false,
        refusal: null,
        settled: null,
        acknowledged: null,
        latest: null,
        given: null,
        asked: { payment: false, cancellation: false },
        mayLapse: false,
        round,
      }
      entries.push(entry)
      return entry
    },

    saw(entry, booking, sentAt) {
      named(entry, booking.reference)
      checkContent(entry, booking)
      // What was asked for before the last news came may have been answered with older news.
      if (entry.settled && sentAt < entry.settled.at) return
      checkStatus(entry, booking)
      const { status, orders, payBy } = booking
      entry.latest = { status, orders, payBy: payBy ?? entry.latest?.payBy ?? null }
      if (status !== 'pending') entry.settled = { status, at: performance.now() }
    },

    gaveBack(entry, { status, refund, fee, booking }) {
      if (status === 'quoted') return
      if (booking.status !== status) {
        violate(`the cancellation of booking ${entry.reference} is ${status}, and the booking is ${booking.status}`)
      }
      const given = { refund, fee }
      if (entry.given && !isDeepStrictEqual(entry.given, given)) {
        violate(`cancelling ${entry.reference} was to give back ${show(entry.given)}, and now gives ${show(given)}`)
      }
      entry.given = given
    },

    refused(entry, code, reference) {
      if (entry.refusal !== null && entry.refusal !== code) {
        violate(`key ${entry.key} was refused as ${entry.refusal} and then as ${code}`)
      }
      if (entry.acknowledged) violate(`key ${entry.key} was acknowledged and then refused as ${code}`)
      entry.refusal = code
      if (reference !== null) named(entry, reference)
    },

    byReference: (reference) => references.get(reference) ?? null,
  }
}

/** Whether a booking that was last told to be `from` may be `to` now. */
function mayBecome({ asked, mayLapse, latest }: Entry, from: BookingStatus | null, to: BookingStatus): boolean {
  if (from === to) return true
  const isOverdue = latest?.payBy != null && Date.parse(latest.payBy) <= Date.now() + slackMs
  switch (from) {
    case null:
    case 'pending':
      return to !== 'cancelled' || asked.cancellation
    case 'held':
      if (to === 'pending') return asked.payment || asked.cancellation
      if (to === 'confirmed') return asked.payment
      return to === 'cancelled' ? asked.cancellation : mayLapse || isOverdue
    case 'confirmed':
      return asked.cancellation && (to === 'pending' || to === 'cancelled')
    case 'cancelled':
    case 'failed':
      return false
  }
}

function lastingOf({ reference, createdAt, passengers, contact, segments, price, orders }: Booking): Acknowledged {
  const parts = orders.map(({ status: _, ...order }) => order)
  return { reference, createdAt, passengers, contact, segments, price, orders: parts }
}

/** What of a booking is not as it was asked for. Seats, baggage and price are known once it is held or confirmed. */
function differencesFrom(request: BookingRequest, { status, passengers, contact, orders, segments, price }: Booking) {
  const differences: string[] = []
  const compare = (what: string, asked: unknown, got: unknown) => {
    if (!isDeepStrictEqual(asked, got)) differences.push(`${what} asked for ${show(asked)}, got ${show(got)}`)
  }
  compare('passengers', request.passengers, passengers)
  compare('contact', request.contact, contact)
  compare(
    'offers',
    request.offerIds,
    orders.map(({ offerId }) => offerId),
  )
  if (status !== 'held' && status !== 'confirmed') return differences
  compare('total', request.expectedTotal, price?.total)
  compare(
    'seats',
    request.seats.map(({ segmentId, passengerId, designator }) => `${segmentId} ${passengerId} ${designator}`).sort(),
    segments
      .flatMap(({ id, seats }) => seats.map(({ passengerId, designator }) => `${id} ${passengerId} ${designator}`))
      .sort(),
  )
  const bought = new Set(
    segments.flatMap(({ airline, baggage }) => baggage.flatMap(({ purchased }) => (purchased ? [airline] : []))),
  )
  compare(
    'airlines of the baggage',
    [...new Set(request.baggage.map(({ serviceId }) => serviceId.split('~', 1)[0]))].sort(),
    [...bought].sort(),
  )
  for (const order of orders) {
    compare(`status of the order at ${order.airline}`, status, order.status)
    if (order.airlineReference === null) differences.push(`the order at ${order.airline} has no record locator`)
  }
  return differences
}

function show(value: unknown): string {
  return JSON.stringify(value).slice(0, 600)
}

/** How many entries stand as each status; `refused`: nothing was ever taken. */
export function countStatuses(entries: readonly Entry[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { settled, refusal, isAnswered } of entries) {
    add(counts, settled?.status ?? (refusal !== null ? 'failed' : isAnswered ? 'pending' : 'unanswered'), 1)
  }
  return counts
}
