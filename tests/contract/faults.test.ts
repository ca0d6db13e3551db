import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Connector, HeldOrder, Order } from '../../gateway/src/airlines/connector.ts'
import { airlines } from '../../gateway/src/airlines/index.ts'
import { AirlineError } from '../../gateway/src/upstream/airline-error.ts'
import type { FaultKind } from '../../services/kit/src/faults/faults.ts'
import type { Operation } from '../../services/kit/src/faults/operations.ts'
import { createSystem } from '../support/system.ts'
import {
  type AirlineUnderTest,
  type Choice,
  calm,
  choose,
  draftOf,
  openAirline,
  refOf,
  refusalOf,
  seatFor,
} from './airline-under-test.ts'

// What each fault of an airline's process looks like through its connector. Nothing here names an airline.
const system = createSystem()
afterAll(() => system.close())

/** Calls for one operation; each try asks the same thing again. */
type Calls = Partial<Record<Operation, () => Promise<unknown>>>

/** A spoilt answer differs from try to try in what is wrong with it. */
const tries = 8

const seen: Partial<Record<FaultKind, string>> = {
  reset: 'unavailable',
  lost_answer: 'unavailable',
  error: 'unavailable',
  error_after: 'unavailable',
  rate_limited: 'rate_limited',
  truncated: 'unavailable',
  html: 'malformed',
}

describe.each(airlines.map((factory) => ({ name: factory.airline.name, factory })))('$name', ({ factory }) => {
  const canHold = factory.airline.capabilities.hold
  let under: AirlineUnderTest
  let connector: Connector
  let choice: Choice
  let order: Order
  let reads: Calls
  let day = 40

  beforeAll(async () => {
    under = await openAirline(system, factory)
    // One that does not wait and ask again.
    connector = under.connect()
    choice = await choose(connector, 30)
    order = await connector.purchase(draftOf(choice), calm())
    const ref = refOf(choice.offer)
    reads = {
      search: () => connector.search(choice.query, calm()),
      price: () => connector.price(ref, calm()),
      seat_maps: () => connector.seatMaps(ref, calm()),
      baggage: () => connector.baggage(ref, calm()),
      find_order: () => connector.findOrder(order.clientReference, calm()),
      quote_cancellation: () => connector.quoteCancellation(order, calm()),
    }
  })
  afterEach(() => under.process.setFaults([]))
  afterAll(async () => {
    expect(await under.process.audit()).toEqual([])
    await under.close()
  })

  const kindOf = async (call: () => Promise<unknown>) => (await refusalOf(call())).kind
  /** At what it costs now: each sale may have moved the price of the next. */
  const newDraft = async () => draftOf(await choose(connector, 30))
  const each = <T>(list: Record<string, T>) => Object.entries(list)

  it.each(['missing_key', 'wrong_type'] as const)(
    'an answer with %s reads as malformed, wherever it is',
    async (kind) => {
      for (const [operation, call] of each(reads)) {
        await under.process.setFaults([{ operation: operation as Operation, kind }])
        for (let attempt = 1; attempt <= tries; attempt++) {
          expect([operation, attempt, await kindOf(call)]).toEqual([operation, attempt, 'malformed'])
        }
      }
    },
  )

  it.each(each(seen))('%s of a read is %s', async (kind, expected) => {
    for (const [operation, call] of each(reads)) {
      await under.process.setFaults([{ operation: operation as Operation, kind: kind as FaultKind }])
      expect([operation, await kindOf(call)]).toEqual([operation, expected])
    }
  })

  it('strikes the operation that is named, and no other', async () => {
    for (const operation of Object.keys(reads)) {
      const before = await under.process.struck()
      await under.process.setFaults([{ operation: operation as Operation, kind: 'error_after' }])
      const failed: string[] = []
      for (const [other, call] of each(reads)) {
        await call().catch(() => failed.push(other))
      }
      // What goes with a bag is a question for the fare, too, where the airline says that apart.
      expect(failed).toContain(operation)
      expect(failed.filter((name) => name !== operation && name !== 'baggage')).toEqual([])
      const after = await under.process.struck()
      const names = [...after].filter(([name, times]) => times !== before.get(name)).map(([name]) => name)
      expect(names).toEqual([`${operation}/error_after`])
    }
  })

  it('timeout never answers, and is over when the caller leaves', async () => {
    await under.process.setFaults([{ operation: 'search', kind: 'timeout' }])
    const error = await connector.search(choice.query, AbortSignal.timeout(300)).catch((reason: unknown) => reason)
    expect(error instanceof AirlineError && error.kind).toBe('timeout')
    await under.process.setFaults([])
    expect(await connector.search(choice.query, calm())).not.toEqual([])
  })

  it('drip and late come whole in the end', async () => {
    const plain = await connector.search(choice.query, calm())
    for (const kind of ['drip', 'late'] as const) {
      await under.process.setFaults([{ operation: 'search', kind, delayMs: 100 }])
      expect(await connector.search(choice.query, calm())).toEqual(plain)
    }
  })

  it('what changes something and is answered in no readable way is unknown, and done', async () => {
    const operation = canHold ? 'hold' : 'purchase'
    const sell = (draft: ReturnType<typeof draftOf>) =>
      connector.hold ? connector.hold(draft, calm()) : connector.purchase(draft, calm())
    for (const kind of ['missing_key', 'wrong_type', 'truncated', 'lost_answer', 'error_after'] as const) {
      for (let attempt = 1; attempt <= (kind === 'missing_key' || kind === 'wrong_type' ? tries : 1); attempt++) {
        if (attempt === 1) await under.process.setFaults([{ operation, kind }])
        const draft = await newDraft()
        expect([kind, attempt, await kindOf(() => sell(draft))]).toEqual([kind, attempt, 'unknown_outcome'])
        const found = await connector.findOrder(draft.clientReference, calm())
        expect(found?.clientReference).toBe(draft.clientReference)
        if (found) await connector.cancel(found, calm())
      }
    }
  })

  it('what is refused before it is done is not done', async () => {
    const operation = canHold ? 'hold' : 'purchase'
    for (const kind of ['reset', 'error', 'rate_limited'] as const) {
      await under.process.setFaults([{ operation, kind }])
      const draft = await newDraft()
      await refusalOf(connector.hold ? connector.hold(draft, calm()) : connector.purchase(draft, calm()))
      expect(await connector.findOrder(draft.clientReference, calm())).toBeNull()
    }
  })

  it('paying and cancelling can be lost after they are done', async () => {
    const draft = await newDraft()
    let kept: Order
    if (connector.hold) {
      const held = await connector.hold(draft, calm())
      await under.process.setFaults([{ operation: 'pay', kind: 'missing_key' }])
      expect(await kindOf(() => connector.purchase(held as HeldOrder, calm()))).toBe('unknown_outcome')
      kept = held
    } else kept = await connector.purchase(draft, calm())
    expect(await connector.findOrder(draft.clientReference, calm())).toMatchObject({ status: 'confirmed' })
    await under.process.setFaults([{ operation: 'cancel', kind: 'wrong_type' }])
    expect(await kindOf(() => connector.cancel(kept, calm()))).toBe('unknown_outcome')
    expect(await connector.findOrder(draft.clientReference, calm())).toMatchObject({ status: 'cancelled' })
  })

  describe('in the world', () => {
    const newDay = () => {
      day += 8
      return day
    }
    const buy = (draft: ReturnType<typeof draftOf>) => connector.purchase(draft, calm())

    it('price_change: the agreed total is refused, and the next look shows the new price', async () => {
      const chosen = await choose(connector, newDay())
      await under.process.setFaults([{ operation: 'purchase', kind: 'price_change', next: 1 }])
      expect((await refusalOf(buy(draftOf(chosen)))).reason).toBe('price_changed')
      const now = await connector.price(refOf(chosen.offer), calm())
      expect(now.airlinePrice).not.toEqual(chosen.offer.airlinePrice)
      const offers = await connector.search(chosen.query, calm())
      const same = offers.find(({ slice, fareBrand }) => sameFlights(slice, now.slice) && fareBrand === now.fareBrand)
      expect(same).toBeDefined()
      expect(await buy(draftOf({ ...chosen, offer: now }))).toMatchObject({ status: 'confirmed' })
    })

    it('sold_out: nothing is left in the cabin of a flight', async () => {
      const chosen = await choose(connector, newDay())
      await under.process.setFaults([{ operation: 'purchase', kind: 'sold_out', next: 1 }])
      expect((await refusalOf(buy(draftOf(chosen)))).reason).toBe('sold_out')
      expect((await refusalOf(connector.price(refOf(chosen.offer), calm()))).reason).toBe('sold_out')
      const offers = await connector.search(chosen.query, calm())
      expect(offers.some(({ slice }) => sameFlights(slice, chosen.offer.slice))).toBe(false)
    })

    it('seat_taken: the chosen seat is gone, behind the back of who looked', async () => {
      const chosen = await choose(connector, newDay())
      const seat = seatFor('p1', chosen.freeSeats[0]?.[0])
      await under.process.setFaults([{ operation: 'purchase', kind: 'seat_taken', next: 1 }])
      expect((await refusalOf(buy(draftOf(chosen, { seats: [seat] })))).reason).toBe('seat_taken')
      await under.process.setFaults([{ operation: 'seat_maps', kind: 'seat_taken', next: 1 }])
      const free = async () =>
        (await connector.seatMaps(refOf(chosen.offer), calm())).flatMap(({ cabins }) =>
          cabins.flatMap(({ rows }) => rows.flatMap(({ seats }) => seats.filter((one) => one?.available))),
        ).length
      const before = await free()
      expect(await free()).toBe(before - 1)
    })
  })
})

type Slice = Choice['offer']['slice']
const sameFlights = (one: Slice, other: Slice) =>
  one.segments.map(({ id }) => id).join() === other.segments.map(({ id }) => id).join()
