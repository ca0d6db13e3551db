import fc from 'fast-check'
import { expect, it } from 'vitest'
import { spoil } from './spoil.ts'

const body = JSON.stringify({
  currency: 'INR',
  list: [
    { id: 'a', price: { total: 5 } },
    { id: 'b', price: { total: 6 } },
  ],
})

it('takes a key away wherever it stands', () => {
  expect(JSON.parse(spoil(body, 'missing_key', ['id'], 'w'))).toEqual({
    currency: 'INR',
    list: [{ price: { total: 5 } }, { price: { total: 6 } }],
  })
})

it('puts another type in its place', () => {
  expect(JSON.parse(spoil(body, 'wrong_type', ['total'], 'w')).list[0].price.total).toEqual({ unexpected: true })
  expect(JSON.parse(spoil(body, 'wrong_type', ['price'], 'w')).list[1].price).toBe('unexpected')
  expect(JSON.parse(spoil(body, 'wrong_type', ['list'], 'w')).list).toEqual({ unexpected: true })
})

it('draws one of those that occur; where none does, the first key of all', () => {
  const gone = (words: string) => {
    const keys = Object.keys(JSON.parse(spoil(body, 'missing_key', ['nowhere', 'currency', 'list'], words)))
    return keys.join()
  }
  const all = Array.from({ length: 50 }, (_, index) => gone(`words-${index}`))
  expect(new Set(all)).toEqual(new Set(['currency', 'list']))
  expect(all).toEqual(Array.from({ length: 50 }, (_, index) => gone(`words-${index}`)))
  expect(JSON.parse(spoil(body, 'missing_key', ['nowhere'], 'w'))).not.toHaveProperty('currency')
})

it('does the same to XML', () => {
  const xml = '<?xml version="1.0"?><R xmlns="a"><c:Id xmlns:c="b">1</c:Id><L><Id>2</Id><IdRef>3</IdRef></L></R>'
  expect(spoil(xml, 'missing_key', ['Id'], 'w')).toBe('<?xml version="1.0"?><R xmlns="a"><L><IdRef>3</IdRef></L></R>')
  expect(spoil(xml, 'wrong_type', ['L'], 'w')).toContain('<L>unexpected</L>')
  expect(spoil(xml, 'missing_key', [], 'w')).not.toContain('<c:Id')
})

it('changes every body there is', () => {
  fc.assert(
    fc.property(fc.json(), fc.constantFrom('missing_key' as const, 'wrong_type' as const), (json, kind) => {
      expect(spoil(json, kind, ['id'], 'w')).not.toBe(json)
    }),
  )
})
