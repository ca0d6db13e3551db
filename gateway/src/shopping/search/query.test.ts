import { describe, expect, test } from 'vitest'
import type { SearchQuery } from '../../schemas/search.ts'
import { delhiMumbaiSearch as base } from '../testing.ts'
import { formatCursor } from './cursor.ts'
import { checkDates, readSearch } from './query.ts'

const connected = ['alpha', 'beta', 'gamma']
const read = (changes: Partial<SearchQuery> = {}) => readSearch({ ...base, ...changes }, connected)
const error = (code: string, path: string) =>
  expect.objectContaining({
    code,
    options: expect.objectContaining({ errors: [expect.objectContaining({ path })] }),
  })

describe('the canonical form', () => {
  test('fills in what was left out', () => {
    const search = read()
    expect(search.query).toEqual({
      origin: 'DEL',
      destination: 'BOM',
      departureDate: '2030-01-15',
      returnDate: null,
      adults: 1,
      children: 0,
      infants: 0,
      cabin: 'economy',
      currency: 'INR',
      sort: 'price',
      maxStops: null,
      airlines: null,
      maxPrice: null,
      limit: 50,
    })
    expect(search.airlines).toEqual(connected)
    expect(search.slices).toHaveLength(1)
  })

  test('a return is a second slice the other way', () => {
    const { slices } = read({ returnDate: '2030-01-20' })
    expect(slices.map(({ origin, destination, departureDate }) => [origin, destination, departureDate])).toEqual([
      ['DEL', 'BOM', '2030-01-15'],
      ['BOM', 'DEL', '2030-01-20'],
    ])
  })

  test('passengers are numbered adults, children, infants', () => {
    const [slice] = read({ adults: 2, children: 1, infants: 2 }).slices
    expect(slice?.passengers.map(({ id, type }) => `${id} ${type}`)).toEqual([
      'p1 adult',
      'p2 adult',
      'p3 child',
      'p4 infant',
      'p5 infant',
    ])
  })

  test('what means the same has the same key', () => {
    expect(read({ airlines: 'beta,alpha,beta' }).key).toBe(read({ airlines: 'alpha,beta' }).key)
    expect(read({ airlines: 'beta,alpha' }).airlines).toEqual(['alpha', 'beta'])
    expect(read({ maxPrice: '20000' }).key).toBe(read({ maxPrice: '0020000.00' }).key)
    expect(read({ maxPrice: '20000' }).query.maxPrice).toBe('20000.00')
  })

  test('what means something else has another key', () => {
    const changes: Partial<SearchQuery>[] = [
      {},
      { origin: 'BLR' },
      { destination: 'BLR' },
      { departureDate: '2030-01-16' },
      { returnDate: '2030-01-16' },
      { returnDate: '2030-01-17' },
      { adults: 2 },
      { children: 1 },
      { infants: 1 },
      { cabin: 'business' },
      { currency: 'USD' },
      { sort: 'duration' },
      { maxStops: 0 },
      { airlines: 'alpha' },
      { airlines: 'alpha,beta,gamma' },
      { maxPrice: '1' },
      { limit: 49 },
      { cursor: formatCursor({ slice: 0, value: 1, id: 'alpha~1INR~a' }, read().digest) },
      { cursor: formatCursor({ slice: 0, value: 2, id: 'alpha~1INR~a' }, read().digest) },
    ]
    expect(new Set(changes.map((change) => read(change).key)).size).toBe(changes.length)
  })

  test('gateways with other airlines share no answers', () => {
    expect(readSearch(base, ['alpha']).key).not.toBe(readSearch(base, ['alpha', 'beta']).key)
  })
})

describe('what makes no sense', () => {
  test('airports', () => {
    expect(() => read({ origin: 'QQQ' })).toThrow(error('unknown_airport', '/origin'))
    expect(() => read({ destination: 'LON' })).toThrow(error('unknown_airport', '/destination'))
    expect(() => read({ destination: 'LON' })).toThrow(/LHR.*LGW/)
    expect(() => read({ destination: 'DEL' })).toThrow(error('invalid_request', '/destination'))
  })

  test('passengers', () => {
    expect(() => read({ adults: 5, children: 5 })).toThrow(error('invalid_passengers', '/adults'))
    expect(() => read({ adults: 5, infants: 5 })).toThrow(error('invalid_passengers', '/adults'))
    expect(() => read({ adults: 1, infants: 2 })).toThrow(error('invalid_passengers', '/infants'))
    expect(read({ adults: 5, infants: 4 }).slices[0]?.passengers).toHaveLength(9)
  })

  test('airlines and currencies', () => {
    expect(() => read({ airlines: 'alpha,delta' })).toThrow(error('unknown_airline', '/airlines'))
    expect(() => read({ currency: 'XXX' })).toThrow(error('unknown_currency', '/currency'))
  })

  test('cursors', () => {
    const { digest } = read({ returnDate: '2030-01-20' })
    const cursor = formatCursor({ slice: 1, value: 5, id: 'alpha~1INR~a' }, digest)
    expect(read({ returnDate: '2030-01-20', cursor }).cursor).toEqual({ slice: 1, value: 5, id: 'alpha~1INR~a' })
    expect(read({ returnDate: '2030-01-20', cursor, limit: 3 }).cursor?.value).toBe(5)
    expect(() => read({ returnDate: '2030-01-21', cursor })).toThrow(error('invalid_cursor', '/cursor'))
    expect(() => read({ returnDate: '2030-01-20', sort: 'duration', cursor })).toThrow(
      error('invalid_cursor', '/cursor'),
    )
    const beyond = formatCursor({ slice: 1, value: 5, id: 'alpha~1INR~a' }, read().digest)
    expect(() => read({ cursor: beyond })).toThrow(error('invalid_cursor', '/cursor'))
  })
})

describe('dates', () => {
  const at = (text: string) => Date.parse(text)

  test('that are not in the calendar', () => {
    expect(() => read({ departureDate: '2030-02-30' })).toThrow(error('invalid_request', '/departureDate'))
    expect(() => read({ returnDate: '2030-13-01' })).toThrow(error('invalid_request', '/returnDate'))
  })

  test('a return before the departure', () => {
    expect(() => read({ returnDate: '2030-01-14' })).toThrow(error('date_in_past', '/returnDate'))
    expect(read({ returnDate: '2030-01-15' }).slices).toHaveLength(2)
  })

  test('today lasts until midnight at the origin, not in UTC', () => {
    const fromDelhi = read()
    expect(() => checkDates(fromDelhi, at('2030-01-15T23:59:59+05:30'))).not.toThrow()
    expect(() => checkDates(fromDelhi, at('2030-01-16T00:00:00+05:30'))).toThrow(
      error('date_in_past', '/departureDate'),
    )
    const fromNewYork = read({ origin: 'JFK' })
    expect(() => checkDates(fromNewYork, at('2030-01-16T04:59:59Z'))).not.toThrow()
    expect(() => checkDates(fromNewYork, at('2030-01-16T05:00:00Z'))).toThrow(error('date_in_past', '/departureDate'))
  })

  test('330 days ahead is the most, return included', () => {
    const search = read({ departureDate: '2030-12-11' })
    expect(() => checkDates(search, at('2030-01-15T00:00:00+05:30'))).not.toThrow()
    expect(() => checkDates(search, at('2030-01-14T23:59:59+05:30'))).toThrow(error('date_too_far', '/departureDate'))
    const andBack = read({ departureDate: '2030-12-01', returnDate: '2030-12-12' })
    expect(() => checkDates(andBack, at('2030-01-15T12:00:00+05:30'))).toThrow(error('date_too_far', '/returnDate'))
    expect(() => checkDates(andBack, at('2030-01-16T12:00:00+05:30'))).not.toThrow()
  })
})
