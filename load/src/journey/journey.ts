import type { Booking, BookingRequest, Cancellation } from '../../../gateway/src/schemas/booking.ts'
import type { Itinerary } from '../../../gateway/src/schemas/itinerary.ts'
import type { Offer } from '../../../gateway/src/schemas/offer.ts'
import type { SearchResult } from '../../../gateway/src/schemas/search.ts'
import type { BookingPlan, JourneyPlan, LookPlan, Question } from '../plan/journey-plan.ts'
import { requestOf } from './booking-request.ts'
import { bookingFaults, cancellationFaults } from './check-booking.ts'
import { itineraryFaults } from './check-itinerary.ts'
import { searchFaults } from './check-search.ts'

/** Every kind of request that a journey makes. */
export const steps = ['search', 'itinerary', 'book', 'read', 'pay', 'quote', 'cancel'] as const
export type Step = (typeof steps)[number]

/** A request to send, so long after the answer before it. */
export interface Call {
  step: Step
  thinkMs: number
  method: 'GET' | 'POST'
  path: string
  /** JSON; null: none. */
  body: string | null
  /** Besides those that go with a body. */
  headers: Record<string, string>
}

/** An answer that came. */
export interface Reply {
  status: number
  /** As parsed; undefined where it is no JSON. */
  body: unknown
}

/** What an answer turned out to be. */
export type Verdict =
  | { kind: 'right' }
  /** A refusal that a traveller must reckon with: seats go and prices move. */
  | { kind: 'refused'; code: string }
  /** An error, by the code of its problem, or `status_<n>` where it has none. */
  | { kind: 'failed'; code: string }
  /** An answer that says what is not so. */
  | { kind: 'wrong'; faults: string[] }

/** Who is told what comes of a journey. */
export interface Witness {
  /** Once for every answer that came. */
  judged(step: Step, verdict: Verdict): void
  searched(result: SearchResult): void
  /** A booking as an answer has just shown it. */
  saw(booking: Booking): void
}

/** What a traveller knows besides the answers. */
export interface Surroundings {
  /** Names of the airlines that keep seats without payment. */
  holding: ReadonlySet<string>
  /** Put before every idempotency key: two runs of one plan are not one booking. */
  keyPrefix: string
  /** Remembers what was found wrong with a body that is given again: the same object for the same bytes. */
  known: WeakMap<object, string[]>
}

/** One journey: yields requests and is given their answers, null where none came. Neither waits nor sends by itself. */
export type Journey = Generator<Call, void, Reply | null>

const refusals: Partial<Record<Step, readonly string[]>> = {
  itinerary: ['offer_not_found', 'offer_expired', 'sold_out'],
  book: [
    'price_changed',
    'seat_taken',
    'sold_out',
    'baggage_unavailable',
    'booking_refused',
    'offer_expired',
    'offer_not_found',
  ],
  pay: ['price_changed', 'seat_taken', 'sold_out', 'hold_lapsed', 'booking_refused'],
  quote: ['not_cancellable'],
  cancel: ['not_cancellable'],
}

/** How often a pending booking is looked at, and how long apart, before the traveller gives up. */
const looksAtPending = 20
const pendingMs = 500

/** Runs a plan: search, look, book, pay or let lapse, cancel. */
export function* runJourney(plan: JourneyPlan, surroundings: Surroundings, witness: Witness): Journey {
  const { question, looks, booking } = plan
  const found = yield* search(question, surroundings, witness)
  if (!found) return
  let itinerary: Itinerary | null = null
  for (const look of looks) itinerary = yield* lookAt(look, question, found, witness)
  if (!booking || !itinerary?.complete || itinerary.priceChanged) return
  const request = requestOf(question, booking, itinerary, surroundings.holding)
  const booked = yield* book(request, booking, surroundings, witness)
  if (booked) yield* after(booked, request, booking, witness)
}

function* search(
  question: Question,
  { known }: Surroundings,
  witness: Witness,
): Generator<Call, SearchResult | null, Reply | null> {
  const reply = yield { step: 'search', thinkMs: 0, method: 'GET', path: searchPath(question), body: null, headers: {} }
  const result = judge<SearchResult>('search', reply, [200], witness, (body) => {
    const faults = known.get(body) ?? searchFaults(question, body)
    known.set(body, faults)
    return faults
  })
  if (result) witness.searched(result)
  return result
}

function searchPath({ returnDate, ...question }: Question): string {
  const fields = Object.entries(returnDate === null ? question : { ...question, returnDate })
  return `/v1/search?${fields.map(([name, value]) => `${name}=${value}`).join('&')}`
}

function* lookAt(
  look: LookPlan,
  question: Question,
  { slices }: SearchResult,
  witness: Witness,
): Generator<Call, Itinerary | null, Reply | null> {
  const quoted = slices.flatMap(({ offers }, index) => {
    const offer: Offer | undefined = offers[Math.floor((look.picks[index] ?? 0) * offers.length)]
    return offer ? [offer] : []
  })
  if (quoted.length < slices.length) return null
  const path = `/v1/itinerary?${quoted.map(({ id }) => `offerId=${encodeURIComponent(id)}`).join('&')}&currency=${question.currency}`
  const reply = yield { step: 'itinerary', thinkMs: look.thinkMs, method: 'GET', path, body: null, headers: {} }
  return judge<Itinerary>('itinerary', reply, [200], witness, (body) => itineraryFaults(question, quoted, body))
}

function* book(
  request: BookingRequest,
  plan: BookingPlan,
  { keyPrefix }: Surroundings,
  witness: Witness,
): Generator<Call, Booking | null, Reply | null> {
  const call: Call = {
    step: 'book',
    thinkMs: plan.thinkMs,
    method: 'POST',
    path: '/v1/bookings',
    body: JSON.stringify(request),
    headers: { 'idempotency-key': `${keyPrefix}-${plan.key}` },
  }
  // Without an answer nobody knows whether it was booked: the same key asked again tells.
  const reply = (yield call) ?? (yield { ...call, thinkMs: pendingMs })
  const statuses = [request.payment === 'hold' ? 'held' : 'confirmed', 'pending'] as const
  const booking = judge<Booking>('book', reply, [201, 202], witness, (body) => bookingFaults(request, body, statuses))
  if (!booking) return null
  witness.saw(booking)
  return yield* read(booking, request, statuses[0], witness)
}

/** Reads a booking until it is no longer pending; null where it does not become what it should. */
function* read(
  booking: Booking,
  request: BookingRequest,
  status: 'held' | 'confirmed',
  witness: Witness,
): Generator<Call, Booking | null, Reply | null> {
  const path = `/v1/bookings/${booking.reference}`
  for (let look = 0; look < looksAtPending; look++) {
    const reply = yield {
      step: 'read',
      thinkMs: look === 0 ? 0 : pendingMs,
      method: 'GET',
      path,
      body: null,
      headers: {},
    }
    // What is pending may yet be refused; what was told to be done may not.
    const allowed = booking.status === 'pending' ? ([status, 'pending', 'failed'] as const) : [status]
    const now = judge<Booking>('read', reply, [200], witness, (body) => bookingFaults(request, body, allowed))
    if (!now) return null
    witness.saw(now)
    if (now.status === status) return now
    if (now.status === 'failed') return null
  }
  return null
}

function* after(
  booked: Booking,
  request: BookingRequest,
  plan: BookingPlan,
  witness: Witness,
): Generator<Call, void, Reply | null> {
  let booking = booked
  const path = `/v1/bookings/${booking.reference}`
  if (booking.status === 'held') {
    if (!plan.pays) return
    const reply = yield {
      step: 'pay',
      thinkMs: plan.payThinkMs,
      method: 'POST',
      path: `${path}/payment`,
      body: '{}',
      headers: {},
    }
    const answered = judge<Booking>('pay', reply, [200, 202], witness, (body) =>
      bookingFaults(request, body, ['confirmed', 'pending']),
    )
    if (!answered) return
    witness.saw(answered)
    const paid = answered.status === 'pending' ? yield* read(answered, request, 'confirmed', witness) : answered
    if (!paid) return
    booking = paid
  }
  if (plan.cancels) yield* cancel(booking, plan, witness)
}

function* cancel(booking: Booking, plan: BookingPlan, witness: Witness): Generator<Call, void, Reply | null> {
  const path = `/v1/bookings/${booking.reference}/cancellation`
  const [quoteMs, cancelMs] = plan.cancelThinkMs
  const quoteReply = yield {
    step: 'quote',
    thinkMs: quoteMs,
    method: 'POST',
    path,
    body: '{"confirm":false}',
    headers: {},
  }
  const quote = judge<Cancellation>('quote', quoteReply, [200], witness, (body) =>
    cancellationFaults(booking, body, 'quoted', null),
  )
  if (!quote) return
  const reply = yield { step: 'cancel', thinkMs: cancelMs, method: 'POST', path, body: '{"confirm":true}', headers: {} }
  // 202 says that an airline's answer is not known yet: nothing to hold it to.
  const check = (body: Cancellation) =>
    reply?.status === 202 ? [] : cancellationFaults(booking, body, 'cancelled', quote)
  const done = judge<Cancellation>('cancel', reply, [200, 202], witness, check)
  if (done) witness.saw(done.booking)
}

/**
 * Says what an answer is and gives its body where it is right, else null. T is what the API documents for these statuses:
 * `check` finds where the body is not so.
 */
function judge<T extends object>(
  step: Step,
  reply: Reply | null,
  statuses: readonly number[],
  witness: Witness,
  check: (body: T) => string[],
): T | null {
  if (reply === null) return null
  const { status, body } = reply
  if (!statuses.includes(status)) {
    const code = codeOf(body) ?? `status_${status}`
    witness.judged(step, refusals[step]?.includes(code) ? { kind: 'refused', code } : { kind: 'failed', code })
    return null
  }
  if (!isObject<T>(body)) {
    witness.judged(step, { kind: 'wrong', faults: [`${step}: an answer of ${status} that is no JSON object`] })
    return null
  }
  const faults = check(body)
  witness.judged(step, faults.length === 0 ? { kind: 'right' } : { kind: 'wrong', faults })
  return faults.length === 0 ? body : null
}

/** Any object: that it is a T is for the checks to find out. */
function isObject<T extends object>(body: unknown): body is T {
  return typeof body === 'object' && body !== null
}

function codeOf(body: unknown): string | null {
  return isObject<object>(body) && 'code' in body && typeof body.code === 'string' ? body.code : null
}
