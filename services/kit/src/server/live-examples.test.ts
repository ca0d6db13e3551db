import { expect, it } from 'vitest'
import { refreshExamples } from './live-examples.ts'

it('brings whole strings up to date, wherever they stand, and leaves the description as it was', () => {
  const description = {
    summary: 'Fly on 2030-01-15',
    examples: [{ date: '2030-01-15', offer: { id: 'offer-1' }, adults: 1 }],
  }
  const before = structuredClone(description)
  const examples = {
    initial: { date: '2030-01-15', offerId: 'offer-1' },
    current: () => ({ date: '2030-02-20', offerId: 'offer-2' }),
  }
  const refreshed = refreshExamples(description, examples, 'http://127.0.0.1')
  expect(refreshed).toEqual({
    summary: 'Fly on 2030-01-15',
    examples: [{ date: '2030-02-20', offer: { id: 'offer-2' }, adults: 1 }],
  })
  expect(description).toEqual(before)
})

it('keeps an example that has no successor', () => {
  const examples = { initial: { first: 'a', second: 'b' }, current: () => ({ second: 'c' }) }
  expect(refreshExamples(['a', 'b'], examples, 'http://127.0.0.1')).toEqual(['a', 'c'])
})

it('tells where the service was reached', () => {
  const examples = { initial: { self: '/' }, current: (origin: string) => ({ self: `${origin}/` }) }
  expect(refreshExamples(['/'], examples, 'http://127.0.0.1:8102')).toEqual(['http://127.0.0.1:8102/'])
})
