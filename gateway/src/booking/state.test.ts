import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { HeldOrder, Order } from '../airlines/connector.ts'
import { type BookingState, nextStep, type OrderState, type SagaOrder, statusOf } from './state.ts'

const now = Date.parse('2030-01-10T12:00:00Z')
const nothing = { amount: '0.00', currency: 'INR' }
const price = { base: nothing, taxes: nothing, seats: nothing, baggage: nothing, total: nothing }
const order: Order = {
  airline: 'alpha',
  clientReference: 'R-1',
  airlineReference: 'AB12',
  status: 'confirmed',
  price,
  payBy: null,
  flights: [],
}
const heldOrder: HeldOrder = { ...order, status: 'held', payBy: '2030-01-10T13:00:00Z' }
const because = { code: 'sold_out' as const, detail: '' }

const planned: OrderState = { is: 'planned' }
const held: OrderState = { is: 'held', order: heldOrder }
const confirmed: OrderState = { is: 'confirmed', order }
const asked: OrderState = { is: 'asked', to: 'purchase', since: now, times: 1 }
const paying: OrderState = { is: 'paying', order: heldOrder, since: now }
const cancelling: OrderState = { is: 'cancelling', order, quote: null, since: null }
const refused: OrderState = { is: 'refused', because }
const cancelled: OrderState = { is: 'cancelled', order, cancellation: { refund: nothing, fee: nothing } }

/** What is done next, and to which of the orders. */
function next(state: BookingState, orders: [SagaOrder['way'], OrderState][], payment: 'now' | 'hold' = 'now') {
  const saga = { payment, state, orders: orders.map(([way, of], index) => ({ way, state: of, index })) }
  const step = nextStep(saga, now)
  return 'order' in step ? `${step.do} ${step.order.index}` : step.do === 'become' ? step.state : step.do
}

const ordering: BookingState = { is: 'ordering' }
const undoing: BookingState = { is: 'undoing', because }

describe('the next step', () => {
  test('asks for prices before anything else', () => {
    expect(next({ is: 'checking' }, [['buy', planned]])).toBe('check')
  })

  test('holds, then buys, then pays, then is confirmed', () => {
    expect(
      next(ordering, [
        ['hold', planned],
        ['buy', planned],
      ]),
    ).toBe('hold 0')
    expect(
      next(ordering, [
        ['hold', held],
        ['buy', planned],
      ]),
    ).toBe('purchase 1')
    expect(
      next(ordering, [
        ['hold', held],
        ['buy', confirmed],
      ]),
    ).toBe('pay 0')
    expect(
      next(ordering, [
        ['hold', confirmed],
        ['buy', confirmed],
      ]),
    ).toEqual({ is: 'confirmed' })
  })

  test('pays what an airline only held though it was to sell', () => {
    expect(next(ordering, [['buy', held]])).toBe('pay 0')
  })

  test('stops at a hold where nothing is to be paid yet, until the first time to pay', () => {
    const later: OrderState = { is: 'held', order: { ...heldOrder, payBy: '2030-01-10T12:30:00Z' } }
    expect(
      next(
        ordering,
        [
          ['hold', held],
          ['hold', later],
        ],
        'hold',
      ),
    ).toEqual({
      is: 'held',
      payBy: Date.parse('2030-01-10T12:30:00Z'),
    })
  })

  test('looks up what is not known before anything new is begun', () => {
    for (const unknown of [asked, paying]) {
      expect(
        next(ordering, [
          ['hold', planned],
          ['buy', unknown],
        ]),
      ).toBe('look up 1')
      expect(
        next({ is: 'paying' }, [
          ['hold', held],
          ['hold', unknown],
        ]),
      ).toBe('look up 1')
    }
  })

  test('gives back what is taken before it looks up what may yet be', () => {
    for (const unknown of [asked, paying]) {
      const orders = (first: OrderState): [SagaOrder['way'], OrderState][] => [
        ['hold', first],
        ['buy', unknown],
      ]
      expect(next(undoing, orders(held))).toBe('cancel 0')
      expect(next(undoing, orders(cancelled))).toBe('look up 1')
    }
  })

  test('gives back in reverse, skips what was never taken, and fails when nothing is left', () => {
    const orders: [SagaOrder['way'], OrderState][] = [
      ['hold', held],
      ['buy', confirmed],
      ['buy', refused],
    ]
    expect(next(undoing, orders)).toBe('cancel 1')
    expect(
      next(undoing, [
        ['hold', held],
        ['buy', cancelled],
        ['buy', refused],
      ]),
    ).toBe('cancel 0')
    expect(
      next(undoing, [
        ['hold', cancelled],
        ['buy', cancelled],
        ['buy', planned],
      ]),
    ).toEqual({ is: 'failed', because })
  })

  test('goes on with a cancellation that was begun', () => {
    expect(
      next({ is: 'cancelling' }, [
        ['buy', cancelling],
        ['buy', cancelled],
      ]),
    ).toBe('cancel 0')
    expect(next({ is: 'cancelling' }, [['buy', cancelled]])).toEqual({ is: 'cancelled' })
  })

  test('undoes a hold at the moment its time has passed', () => {
    expect(next({ is: 'held', payBy: now + 1 }, [['hold', held]])).toBe('wait')
    expect(next({ is: 'held', payBy: now }, [['hold', held]])).toMatchObject({
      is: 'undoing',
      because: { code: 'hold_lapsed' },
    })
  })

  test('leaves what has ended alone', () => {
    const ended: BookingState[] = [{ is: 'confirmed' }, { is: 'cancelled' }, { is: 'failed', because }]
    for (const state of ended) expect(next(state, [['buy', confirmed]])).toBe('wait')
  })
})

describe('the diagrams of docs/booking.md', () => {
  const page = readFileSync(new URL('../../../docs/booking.md', import.meta.url), 'utf8')
  const code = readFileSync(new URL('./state.ts', import.meta.url), 'utf8')
  const [ofBooking = '', ofOrder = ''] = [...page.matchAll(/```mermaid\n([\s\S]*?)```/g)].map(([, text]) => text)

  /** The states of a tagged union in the code. */
  function statesOf(name: string) {
    const union = code.split(`export type ${name} =`)[1]?.split('\n\n')[0] ?? ''
    return [...union.matchAll(/^ {2}\| \{ is: '(\w+)'/gm)].map(([, state]) => state).toSorted()
  }
  const namesIn = (diagram: string) => {
    const arrows = [...diagram.matchAll(/^ {2}(\S+) --> (\w+|\[\*\])/gm)].flatMap(([, from, to]) => [from, to])
    return [...new Set(arrows)].filter((name) => name !== '[*]').toSorted()
  }

  test.each([
    ['BookingState', ofBooking],
    ['OrderState', ofOrder],
  ])('name each %s and no other', (name, diagram) => {
    expect(statesOf(name).length).toBeGreaterThan(8)
    expect(namesIn(diagram)).toEqual(statesOf(name))
  })
})

test('a traveller is told failed at once when a hold lapses, and pending while a failure is being undone', () => {
  expect(statusOf({ is: 'held', payBy: now }, now - 1)).toBe('held')
  expect(statusOf({ is: 'held', payBy: now }, now)).toBe('failed')
  expect(statusOf({ is: 'undoing', because: { ...because, code: 'hold_lapsed' } }, now)).toBe('failed')
  expect(statusOf(undoing, now)).toBe('pending')
})
