import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createSearchBook, stepsLate } from './searches.ts'
import { startService, type TestService } from './testing.ts'

let service: TestService

beforeAll(async () => {
  service = await startService()
})
afterAll(() => service.close())

const offers = (destination: string) =>
  service.system.shop({
    origin: 'DEL',
    destination,
    date: '2030-01-15',
    passengers: { adults: 1, children: 0, infants: 0 },
    cabin: 'economy',
  })

function openBook(most = 100) {
  const clock = { now: 1_000_000 }
  return { clock, book: createSearchBook({ now: () => clock.now, most }) }
}

describe('a search', () => {
  it('fills by its looks alone, the same way each time it is begun', () => {
    const { book } = openBook()
    const walk = () => {
      const { id } = book.open(offers('BKK'), 'BKK')
      return Array.from({ length: 12 }, (_, step) => {
        const look = book.look(id, 1 + (step % 2))
        if (look === null || look === 'no-page') throw new Error('the search is gone')
        return [look.solutions !== null, look.complete]
      })
    }
    const first = walk()
    expect(walk()).toEqual(first)
    expect(first.at(-1)).toEqual([true, true])
    const complete = first.findIndex(([, isComplete]) => isComplete)
    expect(first.slice(complete).every(([ready]) => ready)).toBe(true)
  })

  it('comes late for some of its pages, never for more than a few looks', () => {
    const lates = ['BOM', 'BKK', 'SIN', 'LHR', 'NRT', 'SYD'].flatMap((to) => offers(to).map(({ id }) => stepsLate(id)))
    expect(lates.length).toBeGreaterThan(80)
    expect(Math.max(...lates)).toBe(3)
    const share = lates.filter((late) => late > 0).length / lates.length
    expect(share).toBeGreaterThan(0.15)
    expect(share).toBeLessThan(0.45)
  })

  it('is forgotten after five minutes', () => {
    const { book, clock } = openBook()
    const { id, forgottenAt } = book.open(offers('BKK'), 'BKK')
    expect(forgottenAt).toBe(clock.now + 300_000)
    clock.now += 299_999
    expect(book.look(id, 1)).not.toBeNull()
    clock.now += 1
    expect(book.look(id, 1)).toBeNull()
  })

  it('makes room for others, the oldest first', () => {
    const { book } = openBook(3)
    const ids = Array.from({ length: 5 }, () => book.open(offers('BKK'), 'BKK').id)
    expect(new Set(ids).size).toBe(5)
    expect(ids.map((id) => book.look(id, 1) !== null)).toEqual([false, false, true, true, true])
  })

  it('is never one that another process began', () => {
    const earlier = openBook()
    const later = openBook()
    later.clock.now += 1
    expect(later.book.open(offers('BKK'), 'BKK').id).not.toBe(earlier.book.open(offers('BKK'), 'BKK').id)
  })

  it('that finds nothing has one empty page', () => {
    const { book } = openBook()
    const { id } = book.open([], 'nothing')
    expect(book.look(id, 1)).toEqual({ pageCount: 1, complete: true, solutions: Buffer.from('[]') })
    expect(book.look(id, 2)).toBe('no-page')
  })
})
