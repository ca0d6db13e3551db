import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Booking } from '../../../gateway/src/schemas/booking.ts'
import type { JourneyPlan } from '../plan/journey-plan.ts'
import { type Call, runJourney, type Step, type Verdict } from './journey.ts'

interface Exchange {
  step: Step
  status: number
  // Recorded answers, which the tests take apart and spoil.
  body: Record<string, unknown>
}

interface Recording {
  plan: JourneyPlan
  holding: string[]
  exchanges: Exchange[]
}

const recording = (): Recording => JSON.parse(readFileSync(new URL('fixtures/journey.json', import.meta.url), 'utf8'))

/** Runs a plan against answers in their order; null: no answer. Answers that are left over are not asked for. */
function play(
  plan: JourneyPlan,
  answers: readonly (Pick<Exchange, 'status' | 'body'> | null)[],
  holding = recording().holding,
) {
  const calls: Call[] = []
  const verdicts: [Step, Verdict][] = []
  const saw: Booking['status'][] = []
  const journey = runJourney(
    plan,
    { holding: new Set(holding), keyPrefix: 'test', known: new WeakMap<object, string[]>() },
    {
      judged: (step, verdict) => verdicts.push([step, verdict]),
      searched: () => {},
      saw: ({ status }) => saw.push(status),
    },
  )
  const queue = answers.values()
  let next = journey.next()
  while (next.done !== true) {
    calls.push(next.value)
    const answer = queue.next()
    if (answer.done) break
    next = journey.next(answer.value)
  }
  return { calls, verdicts, saw, isOver: next.done === true }
}

/** The recorded answers, one of them spoilt. */
function spoilt(index: number, spoil: (body: Record<string, unknown>) => void) {
  const { plan, exchanges } = recording()
  const exchange = exchanges[index]
  if (!exchange) throw new Error(`no answer ${index}`)
  spoil(exchange.body)
  return play(plan, exchanges)
}

/** A place in an answer, by its path; throws where it is not there. */
function place(body: unknown, path: string): { holder: object; key: string; value: unknown } {
  const keys = path.split('.')
  const key = keys.pop() ?? ''
  const holder = keys.reduce<unknown>((value, name) => entry(value, name), body)
  if (typeof holder !== 'object' || holder === null || !(key in holder)) throw new Error(`nothing at ${path}`)
  return { holder, key, value: entry(holder, key) }
}

function entry(value: unknown, name: string): unknown {
  const found = Object.entries(value ?? {}).find(([key]) => key === name)
  if (!found) throw new Error(`no ${name}`)
  return found[1]
}

function put(body: unknown, path: string, value: unknown): void {
  const { holder, key } = place(body, path)
  Object.assign(holder, { [key]: value })
}

const steps = ['search', 'itinerary', 'itinerary', 'book', 'read', 'pay', 'quote', 'cancel']

describe('a journey', () => {
  it('goes from the search to the cancellation, every answer right', () => {
    const { plan, exchanges } = recording()
    const { calls, verdicts, saw, isOver } = play(plan, exchanges)
    expect(calls.map(({ step }) => step)).toEqual(steps)
    expect(verdicts).toEqual(steps.map((step) => [step, { kind: 'right' }]))
    expect(saw).toEqual(['held', 'held', 'confirmed', 'cancelled'])
    expect(isOver).toBe(true)
    expect(calls.map(({ thinkMs }) => thinkMs)).toEqual([0, 100, 200, 300, 0, 400, 500, 600])
  })

  it('books what it looked at last: the offers, seats for all but the infant, bags, and their sum', () => {
    const { plan, exchanges } = recording()
    const [search, , , book] = play(plan, exchanges).calls
    expect(search?.path).toContain('origin=DEL&destination=DXB')
    expect(search?.path).toContain(`&returnDate=${plan.question.returnDate}`)
    const request = JSON.parse(book?.body ?? '')
    expect(request.passengers.map(({ type }: { type: string }) => type)).toEqual(['adult', 'child', 'infant'])
    expect(request.seats.length).toBe(4)
    expect(new Set(request.seats.map(({ passengerId }: { passengerId: string }) => passengerId))).toEqual(
      new Set(['p1', 'p2']),
    )
    expect(request.baggage.length).toBe(2)
    expect(request.payment).toBe('hold')
    expect(request.expectedTotal).toEqual(place(exchanges[3]?.body, 'price.total').value)
    expect(book?.headers['idempotency-key']).toBe('test-recorded')
  })

  it('pays at once where an airline does not hold', () => {
    const { plan, exchanges } = recording()
    const { calls } = play(plan, exchanges, [])
    expect(JSON.parse(calls[3]?.body ?? '').payment).toBe('now')
  })

  it('leaves a hold to lapse, keeps what it does not cancel, and only looks where it does not book', () => {
    const { plan, exchanges } = recording()
    const { booking } = plan
    if (!booking) throw new Error('the recording has no booking')
    const asked = (changed: JourneyPlan) => play(changed, exchanges).calls.map(({ step }) => step)
    expect(asked({ ...plan, booking: { ...booking, pays: false } })).toEqual(steps.slice(0, 5))
    expect(asked({ ...plan, booking: { ...booking, cancels: false } })).toEqual(steps.slice(0, 6))
    expect(asked({ ...plan, booking: null })).toEqual(steps.slice(0, 3))
    expect(asked({ ...plan, booking: null, looks: [] })).toEqual(['search'])
  })

  it('asks once more with the same key when no answer comes to the booking, and ends when none comes elsewhere', () => {
    const { plan, exchanges } = recording()
    const until = exchanges.slice(0, 3)
    const { calls } = play(plan, [...until, null, null])
    expect(calls.map(({ step }) => step)).toEqual([...steps.slice(0, 4), 'book'])
    expect(calls[4]?.headers).toEqual(calls[3]?.headers)
    expect(calls[4]?.body).toEqual(calls[3]?.body)
    expect(play(plan, [null])).toMatchObject({ isOver: true, verdicts: [] })
  })

  it('reads a pending booking until it is what it is to be', () => {
    const { plan, exchanges } = recording()
    const held = exchanges[3]
    if (!held) throw new Error('nothing recorded')
    const pending = { status: 202, body: { ...held.body, status: 'pending' } }
    const answers = [...exchanges.slice(0, 3), pending, { ...pending, status: 200 }, ...exchanges.slice(4)]
    const { calls, verdicts, saw } = play(plan, answers)
    expect(calls.map(({ step }) => step)).toEqual([...steps.slice(0, 4), 'read', 'read', 'pay', 'quote', 'cancel'])
    expect(verdicts.every(([, { kind }]) => kind === 'right')).toBe(true)
    expect(saw).toEqual(['pending', 'pending', 'held', 'confirmed', 'cancelled'])
  })

  it('takes seats that are gone for a refusal, anything else for an error', () => {
    const { plan, exchanges } = recording()
    const answered = (status: number, body: Record<string, unknown>) =>
      play(plan, [...exchanges.slice(0, 3), { status, body }]).verdicts.at(-1)
    expect(answered(409, { code: 'seat_taken' })).toEqual(['book', { kind: 'refused', code: 'seat_taken' }])
    expect(answered(409, { code: 'invalid_booking_status' })).toEqual([
      'book',
      { kind: 'failed', code: 'invalid_booking_status' },
    ])
    expect(answered(503, { code: 'overloaded' })).toEqual(['book', { kind: 'failed', code: 'overloaded' }])
    expect(answered(500, {})).toEqual(['book', { kind: 'failed', code: 'status_500' }])
    expect(play(plan, [{ status: 409, body: { code: 'sold_out' } }]).verdicts).toEqual([
      ['search', { kind: 'failed', code: 'sold_out' }],
    ])
  })
})

const offer = 'slices.0.offers.0'

/** Answers that say what is not so: which answer, where, and what it says there. A function is given what was there. */
const lies: [step: number, path: string, value: unknown][] = [
  [0, 'query.origin', 'BOM'],
  [0, 'query.adults', 2],
  [0, 'query.returnDate', null],
  [0, 'slices.1.departureDate', '2030-01-01'],
  [0, 'slices', []],
  [0, 'complete', false],
  [0, 'sources', []],
  [0, 'sources.0.status', 'timeout'],
  [0, 'sources.0.airline', 'monsoon'],
  [0, `${offer}.price.amount`, '1.00'],
  [0, `${offer}.price.currency`, 'USD'],
  [0, `${offer}.taxes.amount`, '0.01'],
  [0, `${offer}.perPassenger.0.price.amount`, '0.01'],
  [0, `${offer}.perPassenger.1.type`, 'adult'],
  [0, `${offer}.perPassenger`, []],
  [0, `${offer}.airline`, 'monsoon'],
  [0, `${offer}.slice.destination`, 'DEL'],
  [0, `${offer}.slice.departingAt`, '2030-01-01T10:00:00+05:30'],
  [0, `${offer}.slice.stops`, 5],
  [0, `${offer}.slice.segments.0.cabin`, 'business'],
  [0, `${offer}.slice.segments.0.arrivingAt`, '2020-01-01T10:00:00+05:30'],
  [0, `${offer}.slice.segments.0.id`, '0S1-2030-01-01-DEL'],
  [0, `${offer}.slice.segments`, null],
  [0, `${offer}.expiresAt`, 'soon'],
  [0, 'slices.0.offers', (offers: unknown[]) => offers.toReversed()],
  [0, 'slices.0.offers', (offers: unknown[]) => [...offers, offers[0]]],
  [1, 'total.amount', '1.00'],
  [1, 'total.currency', 'USD'],
  [1, 'offers', (offers: unknown[]) => offers.toReversed()],
  [1, 'offers', (offers: unknown[]) => offers.slice(1)],
  [1, 'priceChanged', true],
  [1, 'complete', false],
  [1, 'seatMaps', null],
  [1, 'seatMaps.0.segmentId', '0S1-2030-01-01-DEL'],
  [1, 'seatMaps.0.cabins.0.rows.0.seats', []],
  [1, 'baggage.purchasable.0.passengerIds', ['p7']],
  [1, 'offers.0.quotedPrice.amount', '1.00'],
  [1, 'offers.0.priceChanged', true],
  [1, 'offers.0.slice.segments.0.flightNumber', '0S1'],
  [3, 'price.total.amount', '1.00'],
  [3, 'price.seats.amount', '0.01'],
  [3, 'price', null],
  [3, 'orders.0.price.amount', '0.01'],
  [3, 'orders.0.status', 'pending'],
  [3, 'orders.0.airlineReference', null],
  [3, 'orders', (orders: unknown[]) => orders.slice(1)],
  [3, 'orders', (orders: unknown[]) => orders.toReversed()],
  [3, 'status', 'confirmed'],
  [3, 'status', 'failed'],
  [3, 'payBy', null],
  [3, 'segments.0.seats.0.designator', '99A'],
  [3, 'segments.0.seats.0.passengerId', 'p3'],
  [3, 'segments.0.seats', []],
  [3, 'segments.0.baggage', []],
  [3, 'passengers.0.familyName', 'Sharma'],
  [3, 'contact.email', 'else@example.com'],
  [4, 'status', 'failed'],
  [4, 'price.total.amount', '1.00'],
  [5, 'status', 'held'],
  [5, 'payBy', '2030-01-01T00:00:00Z'],
  [6, 'refund.amount', '999999.00'],
  [6, 'status', 'cancelled'],
  [6, 'orders', []],
  [6, 'reference', 'ABCDEFGH'],
  [7, 'status', 'quoted'],
  [7, 'booking.status', 'confirmed'],
  [7, 'fee.amount', '0.01'],
]

describe('the checks', () => {
  it.each(lies)('notice that answer %i says at %s: %j', (index, path, value) => {
    const { verdicts, isOver } = spoilt(index, (body) => {
      put(body, path, typeof value === 'function' ? value(place(body, path).value) : value)
    })
    const { exchanges } = recording()
    const [step, verdict] = verdicts[index] ?? []
    expect(step).toBe(exchanges[index]?.step)
    expect(verdict?.kind).toBe('wrong')
    // What is wrong is not built on.
    if (index !== 1) expect(isOver).toBe(true)
  })

  it('take an answer that is no JSON for wrong', () => {
    const { plan } = recording()
    const broken = runJourney(
      plan,
      { holding: new Set(), keyPrefix: 'x', known: new WeakMap() },
      {
        judged: (step, verdict) => expect([step, verdict.kind]).toEqual(['search', 'wrong']),
        searched: () => expect.unreachable(),
        saw: () => expect.unreachable(),
      },
    )
    broken.next()
    expect(broken.next({ status: 200, body: undefined }).done).toBe(true)
    expect.assertions(2)
  })
})
