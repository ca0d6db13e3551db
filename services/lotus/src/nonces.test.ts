import { expect, test } from 'vitest'
import { createNonceBook } from './nonces.ts'

function openBook(most: number) {
  const clock = { now: 1_000_000 }
  return { clock, book: createNonceBook({ now: () => clock.now, windowMs: 60_000, most }) }
}

test('a nonce is good once, for as long as its timestamp is', () => {
  const { clock, book } = openBook(10)
  expect(book.use('a', clock.now)).toBe(true)
  expect(book.use('b', clock.now)).toBe(true)
  for (const later of [0, 1, 60_000]) {
    clock.now = 1_000_000 + later
    expect(book.use('a', 1_000_000)).toBe(false)
  }
})

test('nonces whose timestamps are past the window make room, and only those', () => {
  const { clock, book } = openBook(3)
  for (const nonce of ['a', 'b', 'c']) expect(book.use(nonce, clock.now)).toBe(true)
  clock.now += 60_001
  for (const nonce of ['d', 'e', 'f']) expect(book.use(nonce, clock.now)).toBe(true)
  expect(book.use('d', clock.now)).toBe(false)
})

test('a full book lets nothing in that is as old as what it had to drop, so that no nonce is ever good twice', () => {
  const { clock, book } = openBook(3)
  const used: [string, number][] = []
  for (let i = 0; i < 100; i++) {
    clock.now += 10
    const nonce = `n${i}`
    expect(book.use(nonce, clock.now)).toBe(true)
    used.push([nonce, clock.now])
    for (const [nonce, timestamp] of used) expect(book.use(nonce, timestamp)).toBe(false)
  }
  expect(book.use('never seen, but too old to tell', clock.now - 40)).toBe(false)
  expect(book.use('never seen', clock.now - 5)).toBe(true)
})
