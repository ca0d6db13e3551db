import type { Booking, Cancellation } from '../../gateway/src/schemas/booking.ts'
import type { Itinerary } from '../../gateway/src/schemas/itinerary.ts'
import { type Answer, bodyAs, type Call, type Calls, referenceIn } from './calls.ts'
import type { Chance } from './chance.ts'
import type { Entry, Ledger } from './ledger.ts'
import { type Market, requestOf } from './trips.ts'

/** What the client of one round goes by. */
export interface ClientOptions {
  calls: Calls
  ledger: Ledger
  market: Market
  /** Airlines that hold. */
  holding: ReadonlySet<string>
  chance: Chance
  round: number
  /** Aborts when the round's work is over: whoever waits for an answer then gives up. */
  signal: AbortSignal
}

/** Refusals that a sound request may meet while seats go, prices move, answers are lost and processes die. */
const fairRefusals = new Set([
  'price_changed',
  'seat_taken',
  'sold_out',
  'baggage_unavailable',
  'airline_error',
  'airline_unavailable',
  'airline_timeout',
])

/** Refusals of a payment or cancellation that may be met. Whether a hold may lapse is for the ledger to judge. */
const fairLater = new Set([...fairRefusals, 'invalid_booking_status', 'hold_lapsed', 'not_cancellable'])

/** Books, pays and cancels, one thing after the other, until the round's work is over. */
export async function runClient(options: ClientOptions): Promise<void> {
  const { chance, signal, ledger, round } = options
  while (!signal.aborted) {
    const standing = ledger.entries.filter((entry) => entry.settled?.status === 'held' && entry.round < round)
    if (standing.length > 0 && chance.happens(0.2)) await goOn(options, chance.pick(standing))
    else await bookTrip(options)
  }
}

async function bookTrip(options: ClientOptions): Promise<void> {
  const { calls, ledger, market, holding, chance, round, signal } = options
  const count = chance.pick([1, 1, 1, 2, 2, 3])
  const chosen = market.slices.slice(0, count).map((offers) => chance.pick([...offers]))
  const offerIds = chosen.map(([, ids]) => chance.pick(ids))
  const canHold = chosen.every(([airline]) => holding.has(airline))
  const wantsHold = chance.happens(canHold ? 0.5 : 0.04)

  const query = new URLSearchParams(offerIds.map((id) => ['offerId', id]))
  const call: Call = { method: 'GET', path: `/v1/itinerary?${query}`, name: 'GET itinerary' }
  const found = await calls.untilAnswered(call, signal)
  if (found?.status !== 200) return
  const request = requestOf(bodyAs<Itinerary>('Itinerary', found), market.party, wantsHold ? 'hold' : 'now', chance)
  if (request === null) return

  const key = `torture-${round}-${ledger.entries.length}-${chance.integer(0, 1e9)}`
  const entry = ledger.open(key, request, round, canHold || !wantsHold)
  const tries = chance.happens(0.15) ? 2 : 1
  await Promise.all(Array.from({ length: tries }, () => book(options, entry)))
  if (!entry.settled && !entry.latest) return
  if (chance.happens(0.05)) await misuseKey(options, entry)
  if (chance.happens(0.3)) await read(options, entry)
  if (entry.settled?.status === 'held' && chance.happens(0.6)) await goOn(options, entry)
  if (entry.settled?.status === 'confirmed' && chance.happens(0.3)) await cancel(options, entry)
  if (entry.settled?.status === 'cancelled' && chance.happens(0.3)) await cancel(options, entry)
}

/** Sends the request to book until it is answered; the same key makes it the same booking every time. */
export async function book(
  { calls, ledger, signal }: Pick<ClientOptions, 'calls' | 'ledger' | 'signal'>,
  entry: Entry,
): Promise<void> {
  const answer = await calls.untilAnswered(bookingOf(entry), signal)
  if (!answer) return
  entry.isAnswered = true
  const { problem } = answer
  if (!problem) {
    sawBooking(ledger, entry, answer)
    return
  }
  const reference = referenceIn(problem)
  const isFair = entry.isSound
    ? fairRefusals.has(problem.code) && reference !== null
    : problem.code === 'hold_not_supported'
  if (!isFair) ledger.violate(`key ${entry.key} was refused with ${problem.code}: ${problem.detail}`)
  ledger.refused(entry, problem.code, reference)
}

function bookingOf({ key, request }: Entry): Call {
  return {
    method: 'POST',
    path: '/v1/bookings',
    body: request,
    headers: { 'idempotency-key': key },
    name: 'POST booking',
  }
}

function sawBooking(ledger: Ledger, entry: Entry, answer: Answer) {
  const booking = bodyAs<Booking>('Booking', answer)
  const location = answer.headers.get('location')
  if (location !== `/v1/bookings/${booking.reference}`) {
    ledger.violate(`booking ${booking.reference} was answered with Location ${location}`)
  }
  if (answer.status === 201 && booking.status === 'pending' && !entry.asked.payment && !entry.asked.cancellation) {
    ledger.violate(`booking ${booking.reference} was answered with 201 while it was pending`)
  }
  ledger.saw(entry, booking, answer.sentAt)
}

/** The same key for something else: refused, and the booking stays as it was. */
async function misuseKey({ calls, ledger, signal }: ClientOptions, entry: Entry): Promise<void> {
  const request = { ...entry.request, contact: { ...entry.request.contact, email: 'someone.else@example.com' } }
  const answer = await calls.untilAnswered({ ...bookingOf(entry), body: request, name: 'POST other booking' }, signal)
  if (answer && answer.problem?.code !== 'idempotency_key_reused') {
    ledger.violate(`key ${entry.key} was used again for something else, and answered with ${answer.status}`)
  }
}

/** Reads the booking. */
export async function read(
  { calls, ledger, signal }: Pick<ClientOptions, 'calls' | 'ledger' | 'signal'>,
  entry: Entry,
): Promise<void> {
  if (entry.reference === null) return
  const path = `/v1/bookings/${entry.reference}`
  const answer = await calls.untilAnswered({ method: 'GET', path, name: 'GET booking' }, signal)
  if (!answer) return
  if (answer.status === 200) ledger.saw(entry, bodyAs<Booking>('Booking', answer), answer.sentAt)
  else ledger.violate(`booking ${entry.reference} was acknowledged, and reading it gives ${answer.status}`)
}

/** Pays or cancels what is held. */
async function goOn(options: ClientOptions, entry: Entry): Promise<void> {
  const { chance } = options
  const ends = [pay, pay, pay, cancel]
  await chance.pick(ends)(options, entry)
  // Now and then both at once, of which one must win.
  if (chance.happens(0.1)) await Promise.all([pay(options, entry), cancel(options, entry)])
}

/** Pays the booking. */
export async function pay(
  options: Pick<ClientOptions, 'calls' | 'ledger' | 'signal' | 'round'>,
  entry: Entry,
): Promise<void> {
  entry.asked.payment = true
  await act(options, entry, 'payment', {})
}

async function cancel(options: ClientOptions, entry: Entry): Promise<void> {
  const confirm = !options.chance.happens(0.2)
  if (confirm) entry.asked.cancellation = true
  await act(options, entry, 'cancellation', { confirm })
}

async function act(
  { calls, ledger, signal, round }: Pick<ClientOptions, 'calls' | 'ledger' | 'signal' | 'round'>,
  entry: Entry,
  what: 'payment' | 'cancellation',
  body: object,
): Promise<void> {
  if (entry.reference === null) return
  entry.round = round
  const path = `/v1/bookings/${entry.reference}/${what}`
  const answer = await calls.untilAnswered({ method: 'POST', path, body, name: `POST ${what}` }, signal)
  if (!answer) return
  const { problem, sentAt } = answer
  if (problem) {
    if (!fairLater.has(problem.code)) {
      ledger.violate(`the ${what} of booking ${entry.reference} was refused with ${problem.code}: ${problem.detail}`)
    }
    return
  }
  if (what === 'payment') {
    const booking = bodyAs<Booking>('Booking', answer)
    ledger.saw(entry, booking, sentAt)
    if ((answer.status === 202) === (booking.status === 'pending') || entry.asked.cancellation) return
    ledger.violate(`paying booking ${entry.reference} was answered with ${answer.status} while it is ${booking.status}`)
  } else {
    const cancellation = bodyAs<Cancellation>('Cancellation', answer)
    ledger.saw(entry, cancellation.booking, sentAt)
    ledger.gaveBack(entry, cancellation)
    if ((answer.status === 202) === (cancellation.status === 'pending')) return
    ledger.violate(`cancelling ${entry.reference} was answered with ${answer.status} and ${cancellation.status}`)
  }
}
