import { join } from 'node:path'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { PassengerMix } from '../world/types.ts'
import {
  departures,
  economySeats,
  flights,
  hour,
  makeFolder,
  openTinyAirline,
  refusal,
  request,
} from './testing/tiny-airline.ts'
import type { RefusalCode } from './types.ts'

type Journey = 'first' | 'second' | 'first_second'

/** What an order should be, reckoned without a database. */
interface Expected {
  locator: string
  journey: Journey
  mix: PassengerMix
  /** Of passengers p1, p2 … on every flight of the journey. */
  seats: string[]
  status: 'held' | 'confirmed' | 'cancelled' | 'lapsed'
  payBy: number | null
  total: number
}

const keysOf = {
  first: [flights.first.key],
  second: [flights.second.key],
  first_second: [flights.first.key, flights.second.key],
} as const
const departsAt = { first: departures[0], second: departures[1], first_second: departures[0] } as const

const which = fc.nat(9)
const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('order'),
      journey: fc.constantFrom<Journey[]>('first', 'second', 'first_second'),
      mix: fc.record({ adults: fc.integer({ min: 1, max: 3 }), children: fc.nat(1), infants: fc.nat(1) }),
      seats: fc.uniqueArray(fc.constantFrom(...economySeats), { maxLength: 2 }),
      pay: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('pay'), which }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('cancel'), which }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('advance'), hours: fc.integer({ min: 1, max: 40 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('reopen') }) },
)

it('whatever is ordered, paid, cancelled, waited for and reopened, every invariant holds and availability is right', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 5, maxLength: 30 }), (steps) => {
      const folder = makeFolder()
      const file = join(folder.path, 'tiny.sqlite')
      let tiny = openTinyAirline({ file })
      const { clock } = tiny
      const orders: Expected[] = []
      try {
        steps.forEach((next, number) => {
          if (next.do === 'order') {
            const seats = next.seats.slice(0, next.mix.adults + next.mix.children)
            const expected = expectedRefusal(orders, { ...next, seats }, clock.now())
            const asked = request(`ref-${number}`, {
              ...next,
              seats: keysOf[next.journey].flatMap((flightKey) =>
                seats.map((designator, index) => ({ passengerId: `p${index + 1}`, flightKey, designator })),
              ),
            })
            let locator = ''
            const refused = refusal(() => {
              locator = tiny.book.order(asked).locator
            })
            expect(refused?.code).toBe(expected)
            if (expected !== undefined) return
            const { adults, children, infants } = next.mix
            orders.push({
              locator,
              journey: next.journey,
              mix: next.mix,
              seats,
              status: next.pay ? 'confirmed' : 'held',
              payBy: next.pay ? null : Math.min(clock.now() + 24 * hour, departsAt[next.journey] - hour),
              total: 1100 * (adults + children + infants) + 50 * seats.length * keysOf[next.journey].length,
            })
          } else if (next.do === 'pay') {
            const order = orders[next.which % orders.length]
            if (order === undefined) return
            const code = {
              held: undefined,
              confirmed: undefined,
              cancelled: 'not_held',
              lapsed: 'hold_lapsed',
            } as const
            expect(refusal(() => tiny.book.pay(order.locator, order.total))?.code).toBe(code[order.status])
            if (order.status === 'held') Object.assign(order, { status: 'confirmed', payBy: null })
          } else if (next.do === 'cancel') {
            const order = orders[next.which % orders.length]
            if (order === undefined) return
            const departed = order.status === 'confirmed' && departsAt[order.journey] <= clock.now()
            expect(refusal(() => tiny.book.cancel(order.locator))?.code).toBe(departed ? 'not_cancellable' : undefined)
            if (!departed && order.status !== 'lapsed') order.status = 'cancelled'
          } else if (next.do === 'advance') {
            clock.advance(next.hours * hour)
            for (const order of orders) {
              if (order.status === 'held' && (order.payBy ?? 0) <= clock.now()) order.status = 'lapsed'
            }
          } else {
            tiny.close()
            tiny = openTinyAirline({ file, clock })
          }

          expect(tiny.book.audit().filter(({ holds }) => !holds)).toEqual([])
          for (const { locator, status, total } of orders) {
            const order = tiny.book.retrieve(locator)
            expect(order).toMatchObject({ status, price: { total } })
            if (status === 'cancelled') expect([0, total]).toContain((order.refund ?? -1) + (order.fee ?? -1))
          }
          for (const key of keysOf.first_second) {
            const { owned, unseated } = taken(orders, key)
            expect([...tiny.inventory.ownedSeats(key)].sort()).toEqual(owned.sort())
            expect(tiny.inventory.unseated(key, 'economy')).toBe(unseated)
          }
        })
      } finally {
        tiny.close()
        folder.remove()
      }
    }),
    { numRuns: 60 },
  )
}, 60_000)

/** What live orders take from a flight. */
function taken(orders: Expected[], flightKey: string): { owned: string[]; unseated: number } {
  const live = orders.filter(
    ({ status, journey }) =>
      (status === 'held' || status === 'confirmed') && keysOf[journey].some((k) => k === flightKey),
  )
  return {
    owned: live.flatMap(({ seats }) => seats),
    unseated: live.reduce((sum, { mix, seats }) => sum + mix.adults + mix.children - seats.length, 0),
  }
}

function expectedRefusal(
  orders: Expected[],
  asked: { journey: Journey; mix: PassengerMix; seats: string[]; pay: boolean },
  now: number,
): RefusalCode | undefined {
  const flown = keysOf[asked.journey].map((key) => taken(orders, key))
  const party = asked.mix.adults + asked.mix.children
  if (flown.some(({ owned, unseated }) => economySeats.length - owned.length - unseated < party)) return 'sold_out'
  if (departsAt[asked.journey] <= now) return 'offer_expired'
  if (flown.some(({ owned }) => asked.seats.some((seat) => owned.includes(seat)))) return 'seat_taken'
  if (!asked.pay && departsAt[asked.journey] - hour <= now) return 'holds_not_offered'
  return undefined
}
