import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import type { Booking, BookingRequest, Cancellation } from '../../gateway/src/schemas/booking.ts'
import { checkList, compareBooks } from '../../scripts/torture/checks.ts'
import { createLedger, type Entry, type Ledger } from '../../scripts/torture/ledger.ts'
import type { OrderSummary } from '../../services/kit/src/orders/types.ts'
import { isFree } from '../support/ports.ts'
import { until } from '../support/until.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const running: (() => Promise<unknown>)[] = []
afterAll(() => Promise.all(running.map((end) => end())))

/** `npm run torture`, as npm runs it. */
function torture(...args: string[]) {
  const program = spawn(process.execPath, ['scripts/run.mjs', 'scripts/torture/main.ts', ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [program.stdout, program.stderr])
    stream.setEncoding('utf8').on('data', (text) => (output += text))
  const ended = once(program, 'close').then(([code]) => code)
  running.push(() => {
    program.kill('SIGTERM')
    return ended
  })
  return { output: () => output, ended, interrupt: () => program.kill('SIGINT') }
}

/** The ports that it says its processes listen on. */
function portsIn(output: string): number[] {
  return [...output.matchAll(/^ {2}\w+ at http:\/\/127\.0\.0\.1:(\d+)$/gm)].map(([, port]) => Number(port))
}

describe('npm run torture', () => {
  it('finds every promise held over twenty rounds, in less than three minutes', async () => {
    const { output, ended } = torture('--rounds', '20')
    expect(await ended, output()).toBe(0)
    expect(output().match(/^ *\d+\/20 .*: all holds$/gm)).toHaveLength(20)
    const count = (row: RegExp) => Number(row.exec(output())?.[1])
    expect(count(/^acknowledged +(\d+)/m)).toBeGreaterThan(100)
    expect(count(/^of several orders +(\d+)/m)).toBeGreaterThan(20)
    expect(count(/^holds left to lapse +(\d+)/m)).toBeGreaterThanOrEqual(0)
    expect(count(/^violations +(\d+)/m)).toBe(0)
    for (const row of [
      /^kills .*gateway/m,
      /^faults struck/m,
      / (hold|purchase)\/lost_answer$/m,
      / outcome_unknown$/m,
    ]) {
      expect(output()).toMatch(row)
    }
    for (const port of portsIn(output())) expect(await isFree(port), `port ${port}`).toBe(true)
  }, 180_000)

  it('runs on one SQLite file when told to', async () => {
    const { output, ended } = torture('--rounds', '1', '--database', 'sqlite', '--clients', '2')
    expect(await ended, output()).toBe(0)
    expect(output()).toContain('Two gateways on one SQLite file; clients: 2, rounds: 1')
  })

  it('leaves nothing behind on Ctrl-C', async () => {
    const { output, ended, interrupt } = torture('--rounds', '100', '--database', 'sqlite')
    await until('the first round is over', () => output().includes('1/100'))
    const ports = portsIn(output())
    expect(ports.length).toBeGreaterThan(2)
    interrupt()
    expect(await ended).toBe(130)
    for (const port of ports) expect(await isFree(port), `port ${port}`).toBe(true)
  })

  it('explains itself, and refuses what means nothing', async () => {
    const help = torture('--help')
    expect(await help.ended).toBe(0)
    for (const option of ['--rounds', '--seed', '--clients', '--database']) expect(help.output()).toContain(option)
    for (const wrong of [['--rounds', '0'], ['--rounds', 'many'], ['--database', 'paper'], ['--loud']]) {
      const refused = torture(...wrong)
      expect(await refused.ended).toBe(2)
      expect(refused.output()).toContain(wrong[0])
    }
  })
})

describe('the checks of the torture', () => {
  const money = (amount: string) => ({ amount, currency: 'INR' })
  const request: BookingRequest = {
    offerIds: ['alpha~4250.00INR~one'],
    passengers: [
      { id: 'p1', type: 'adult', title: 'ms', givenName: 'A', familyName: 'V', bornOn: '1990-04-12', gender: 'female' },
    ],
    contact: { email: 'asha@example.com', phone: '+919810012345' },
    seats: [{ segmentId: '0A1-2030-01-15-DEL', passengerId: 'p1', designator: '2C' }],
    baggage: [],
    expectedTotal: money('4250.00'),
    payment: 'now',
  }

  function bookingAs(status: Booking['status'], reference = 'FN7K2Q9P'): Booking {
    const order = { airline: 'alpha', airlineReference: 'ABC123', status, offerId: request.offerIds[0] ?? '' }
    const price = money('4250.00')
    return {
      reference,
      status,
      createdAt: '2030-01-10T12:00:00.000Z',
      orders: [{ ...order, price, airlinePrice: price }],
      passengers: request.passengers,
      contact: request.contact,
      segments: [
        {
          id: '0A1-2030-01-15-DEL',
          flightNumber: '0A1',
          marketingCarrier: '0A',
          operatingCarrier: '0A',
          origin: 'DEL',
          destination: 'BOM',
          departingAt: '2030-01-15T06:10:00+05:30',
          arrivingAt: '2030-01-15T08:10:00+05:30',
          originTimeZone: 'Asia/Kolkata',
          destinationTimeZone: 'Asia/Kolkata',
          duration: 'PT2H',
          aircraft: '32N',
          cabin: 'economy',
          bookingClass: 'Y',
          fareBasisCode: 'YOWIN',
          airline: 'alpha',
          movedFrom: null,
          seats: [{ passengerId: 'p1', designator: '2C', price: money('0.00') }],
          baggage: [],
        },
      ],
      price: { base: price, taxes: money('0.00'), seats: money('0.00'), baggage: money('0.00'), total: price },
      payBy: status === 'held' ? '2999-01-01T00:00:00Z' : null,
      history: [],
    }
  }

  /** A ledger in which a gateway has shown these, one after the other. */
  function told(statuses: Booking['status'][], asked: Partial<Entry['asked']> = {}) {
    const ledger = createLedger()
    const entry = ledger.open('key-1', request, 1)
    Object.assign(entry.asked, asked)
    for (const status of statuses) ledger.saw(entry, bookingAs(status), performance.now())
    return { ledger, entry }
  }

  const found = ({ violations }: Ledger) => [...violations].join('\n')

  it.each<[Booking['status'][], Partial<Entry['asked']>]>([
    [['pending', 'confirmed', 'confirmed'], {}],
    [['pending', 'failed'], {}],
    [['held', 'pending', 'confirmed'], { payment: true }],
    [['confirmed', 'pending', 'cancelled'], { cancellation: true }],
    [['held', 'cancelled'], { cancellation: true }],
  ])('let a booking be %j when %j was asked for', (statuses, asked) => {
    expect(found(told(statuses, asked).ledger)).toBe('')
  })

  it.each<[Booking['status'][], Partial<Entry['asked']>]>([
    [['confirmed', 'failed'], { payment: true, cancellation: true }],
    [['confirmed', 'pending'], { payment: true }],
    [['confirmed', 'cancelled'], { payment: true }],
    [['held', 'confirmed'], { cancellation: true }],
    [['held', 'cancelled'], { payment: true }],
    [['held', 'failed'], { payment: true, cancellation: true }],
    [['failed', 'confirmed'], { payment: true }],
    [['cancelled', 'confirmed'], { payment: true, cancellation: true }],
    [['pending', 'cancelled'], {}],
  ])('complain of a booking that is %j when %j was asked for', (statuses, asked) => {
    expect(found(told(statuses, asked).ledger)).toMatch(/^booking FN7K2Q9P was told to be \w+, and now is \w+/)
  })

  it('let a hold lapse once its time has passed, and not judge news by what was asked for before them', () => {
    const { ledger, entry } = told(['held'])
    entry.mayLapse = true
    const before = performance.now() - 1
    ledger.saw(entry, bookingAs('failed'), performance.now())
    ledger.saw(entry, bookingAs('held'), before)
    expect(found(ledger)).toBe('')
  })

  it.each<[string, (booking: Booking) => void]>([
    ['seats', ({ segments }) => segments[0]?.seats.splice(0, 1)],
    ['segments', ({ segments }) => Object.assign(segments[0] ?? {}, { aircraft: '77W' })],
    ['price', ({ price }) => Object.assign(price ?? {}, { total: money('4251.00') })],
    ['orders', ({ orders }) => Object.assign(orders[0] ?? {}, { airlineReference: 'XYZ789' })],
    ['contact', (booking) => Object.assign(booking, { contact: { ...booking.contact, email: 'b@example.com' } })],
    ['createdAt', (booking) => Object.assign(booking, { createdAt: '2030-01-10T12:00:01.000Z' })],
  ])('complain of an acknowledged booking whose %s are others', (field, change) => {
    const { ledger, entry } = told(['confirmed'])
    const booking = bookingAs('confirmed')
    change(booking)
    ledger.saw(entry, booking, performance.now())
    expect(found(ledger)).toContain(field)
  })

  it('complain of two bookings for a key, a booking of nobody, one that is listed twice, and a refusal that does not last', () => {
    const { ledger, entry } = told(['confirmed'])
    ledger.saw(entry, bookingAs('confirmed', 'FN7K2Q9Q'), performance.now())
    expect(found(ledger)).toContain('stands for two bookings')
    checkList(ledger, { bookings: [bookingAs('failed', 'NOBODY22')], sentAt: performance.now() })
    expect(found(ledger)).toContain("NOBODY22 (failed) is nobody's")
    checkList(ledger, { bookings: [bookingAs('confirmed'), bookingAs('confirmed')], sentAt: performance.now() })
    expect(found(ledger)).toContain('twice in the list')

    const refused = createLedger()
    const other = refused.open('key-2', request, 1)
    refused.refused(other, 'seat_taken', 'FN7K2Q9P')
    refused.saw(other, bookingAs('confirmed'), performance.now())
    expect(found(refused)).toContain('was told to be failed, and now is confirmed')
  })

  it('complain of a cancellation that is said to be done and is not, or gives another refund than before', () => {
    const { ledger, entry } = told(['confirmed'], { cancellation: true })
    const given = (status: Booking['status'], refund: string): Cancellation => ({
      reference: 'FN7K2Q9P',
      status: 'cancelled',
      refund: money(refund),
      fee: money('0.00'),
      orders: [],
      booking: bookingAs(status),
    })
    ledger.gaveBack(entry, given('cancelled', '4250.00'))
    expect(found(ledger)).toBe('')
    ledger.gaveBack(entry, given('confirmed', '4250.00'))
    expect(found(ledger)).toContain('is cancelled, and the booking is confirmed')
    ledger.gaveBack(entry, given('cancelled', '4249.00'))
    expect(found(ledger)).toContain('4249.00')
  })

  it('complain of a time to pay that moves', () => {
    const { ledger, entry } = told(['held'])
    ledger.saw(entry, { ...bookingAs('held'), payBy: '2999-01-02T00:00:00Z' }, performance.now())
    expect(found(ledger)).toContain('now is until 2999-01-02')
  })

  const live: OrderSummary = {
    locator: 'ABC123',
    clientReference: 'FN7K2Q9P-1',
    status: 'confirmed',
    payBy: null,
    total: 425_000,
  }
  const airline = (orders: OrderSummary[]) => [{ name: 'alpha', now: async () => 1_000, orders: async () => orders }]

  it('let books be that agree', async () => {
    expect(await compareBooks(airline([live]), told(['confirmed']).ledger.entries)).toEqual([])
    const cancelled = told(['confirmed', 'cancelled'], { cancellation: true }).ledger.entries
    expect(await compareBooks(airline([{ ...live, status: 'cancelled' }]), cancelled)).toEqual([])
  })

  it.each<[string, Booking['status'][], OrderSummary[], RegExp]>([
    ['an order that is live for a failed booking', ['failed'], [live], /status is failed, but alpha says confirmed/],
    ['an order that is live for a cancelled booking', ['cancelled'], [live], /is cancelled, but alpha says confirmed/],
    ['an order that is only held', ['confirmed'], [{ ...live, status: 'held' }], /confirmed, but alpha says held/],
    ['an order that is missing', ['confirmed'], [], /is confirmed, but alpha has no such order/],
    [
      'an order of no booking',
      ['confirmed'],
      [live, { ...live, clientReference: 'XXXXXXXX-1' }],
      /which no booking has/,
    ],
    ['an order that is there twice', ['confirmed'], [live, live], /alpha has two orders for FN7K2Q9P-1/],
    ['another total', ['confirmed'], [{ ...live, total: 425_001 }], /total is 425000, but alpha says 425001/],
    ['another locator', ['confirmed'], [{ ...live, locator: 'XYZ789' }], /record locator is ABC123/],
    ['a hold past its time', ['held'], [{ ...live, status: 'held', payBy: 999 }], /holds ABC123 past its time/],
  ])('complain of %s', async (_, statuses, orders, complaint) => {
    const { entries } = told(statuses, { cancellation: true }).ledger
    expect((await compareBooks(airline(orders), entries)).join('\n')).toMatch(complaint)
  })

  it('complain of a seat with two owners', async () => {
    const { ledger } = told(['confirmed'])
    const second = ledger.open('key-2', request, 1)
    ledger.saw(second, bookingAs('confirmed', 'FN7K2Q9Q'), performance.now())
    const orders = [live, { ...live, clientReference: 'FN7K2Q9Q-1' }]
    expect((await compareBooks(airline(orders), ledger.entries)).join('\n')).toContain('belongs to bookings')
  })
})
