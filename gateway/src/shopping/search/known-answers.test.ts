import { expect, test, vi } from 'vitest'
import type { Offer } from '../../schemas/offer.ts'
import { makeOffer } from '../testing.ts'
import { createKnownAnswers, type KnownAnswers } from './known-answers.ts'
import { listOffers } from './offer-list.ts'

const offers = [makeOffer()]

/** Answers a call with these bodies; says whether they were read, and gives the list that stands for them. */
function answer(known: KnownAnswers, key: string, ...bodies: string[]) {
  const memory = known.about(key)
  const read = vi.fn((): Offer[] => [...offers])
  const given = memory.recall(
    bodies.map((body) => Buffer.from(body)),
    read,
  )
  const kept = memory.known(given)
  const list = kept ?? listOffers(given)
  if (!kept) memory.learn(given, list)
  return { wasRead: read.mock.calls.length > 0, list }
}

test('what came twice is not read a third time; anything else is', () => {
  const known = createKnownAnswers()
  expect(answer(known, 'k', 'one').wasRead).toBe(true)
  const { list } = answer(known, 'k', 'one')
  expect(answer(known, 'k', 'one')).toEqual({ wasRead: false, list })
  expect(answer(known, 'k', 'one').list).toBe(list)
  expect(answer(known, 'other', 'one').wasRead).toBe(true)
  expect(answer(known, 'k', 'two').wasRead).toBe(true)
  expect(answer(known, 'k', 'one').wasRead).toBe(true)
})

test('an answer of several bodies is the same when each of them is', () => {
  const known = createKnownAnswers()
  for (let time = 0; time < 2; time++) answer(known, 'k', 'page 1', 'page 2')
  expect(answer(known, 'k', 'page 1').wasRead).toBe(true)
  for (let time = 0; time < 2; time++) answer(known, 'k', 'page 1', 'page 2')
  expect(answer(known, 'k', 'page 1', 'page 2').wasRead).toBe(false)
  expect(answer(known, 'k', 'page 1page 2').wasRead).toBe(true)
})

test('what was not held to sense is not remembered', () => {
  const known = createKnownAnswers()
  for (let time = 0; time < 3; time++) {
    const memory = known.about('k')
    const given = memory.recall([Buffer.from('one')], () => [...offers])
    expect(given).toEqual(offers)
    expect(memory.known(given)).toBeNull()
  }
})

test('of a call that was sent twice, each answer stands for itself', () => {
  const known = createKnownAnswers()
  for (let time = 0; time < 2; time++) answer(known, 'k', 'one')
  const memory = known.about('k')
  const recalled = memory.recall([Buffer.from('one')], () => [...offers])
  const readNow = memory.recall([Buffer.from('two')], () => [...offers])
  expect(memory.known(readNow)).toBeNull()
  expect(memory.known(recalled)?.offers).toHaveLength(1)
})

test('it keeps no more than its bytes: the least lately asked for leaves first', () => {
  const known = createKnownAnswers(20_000)
  const keys = Array.from({ length: 50 }, (_, number) => `k${number}`)
  for (const key of keys) for (let time = 0; time < 2; time++) answer(known, key, 'one')
  const kept = keys.reverse().filter((key) => !answer(known, key, 'one').wasRead)
  expect(kept).toContain('k49')
  expect(kept).not.toContain('k0')
  expect(kept.length).toBeLessThan(20)
})
