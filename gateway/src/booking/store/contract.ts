import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createTestAirline, noon, requestFor } from '../testing.ts'
import type { StoreDatabase } from './database.ts'
import { LeaseLost, type NewBooking, openStore, type Store } from './store.ts'

/** Where the suite's databases come from. */
export interface Databases {
  /** A new, empty one, and a way to open it: each call is another gateway's. */
  make(): Promise<() => StoreDatabase>
  /**
   * Runs what several gateways do at the same time, as far as one thread can: SQLite waits for a lock without leaving the
   * thread, so that whoever has it must be done or in another process.
   */
  atOnce<T>(runs: (() => Promise<T>)[]): Promise<PromiseSettledResult<T>[]>
  close(): Promise<void>
}

const alpha = createTestAirline({ name: 'alpha', canHold: true, now: () => noon })
function booking(reference: string): NewBooking {
  const request = requestFor([[alpha]])
  return {
    reference,
    createdAt: noon,
    request,
    state: { is: 'checking' },
    orders: [
      {
        clientReference: `${reference}-1`,
        number: 0,
        place: 0,
        airline: 'alpha',
        offerId: request.offerIds[0] ?? '',
        way: 'buy',
        state: { is: 'planned' },
        plan: null,
      },
    ],
    history: [{ at: noon, airline: null, event: 'booking_created', detail: '' }],
  }
}

const key = (name: string, payloadHash = 'hash') => ({ key: name, payloadHash, expiresAt: noon + 1000 })
const lease = (owner: string, until = noon + 100) => ({ owner, until })
/** The same in real time and in the world's. */
const at = (time: number) => ({ real: time, world: time })

async function stored(store: Store, reference: string) {
  await store.insert(booking(reference), key(reference), lease('a'), noon)
  const found = await store.find(reference)
  if (!found) throw new Error('not stored')
  return found
}

/** What they gave. Throws what the first of them threw. */
async function allOf<T>(settled: Promise<PromiseSettledResult<T>[]>): Promise<T[]> {
  return (await settled).map((one) => {
    if (one.status === 'rejected') throw one.reason
    return one.value
  })
}

/** What every store of bookings keeps to, whatever it stands on. */
export function describeStore(name: string, open: () => Promise<Databases>): void {
  describe(`bookings kept on ${name}`, () => {
    let databases: Databases
    let database: () => StoreDatabase
    /** Two gateways on one database. */
    let stores: [Store, Store]

    beforeAll(async () => {
      databases = await open()
    })
    afterAll(() => databases?.close())
    beforeEach(async () => {
      database = await databases.make()
      stores = [await openStore(database()), await openStore(database())]
    })
    afterEach(async () => {
      for (const store of stores) await store.close()
    })

    const openFour = async () => {
      const opened: Store[] = []
      while (opened.length < 4) opened.push(await openStore(database()))
      return opened
    }

    test('several gateways may open a new store at once', async () => {
      const anew = await databases.make()
      const opened = await allOf(databases.atOnce(Array.from({ length: 6 }, () => () => openStore(anew()))))
      for (const store of opened) {
        await store.check()
        await store.close()
      }
    })

    test('what is read is what was written', async () => {
      const found = await stored(stores[0], 'AAAAAAAA')
      expect(found).toEqual({ ...booking('AAAAAAAA'), version: 0, acknowledged: false })
      expect(await stores[1].find('AAAAAAAA')).toEqual(found)
      expect(await stores[1].find('BBBBBBBB')).toBeNull()
    })

    test('a key stands for one booking, whichever gateway is asked, until it expires', async () => {
      const [one, other] = stores
      const answers = [
        await one.insert(booking('AAAAAAAA'), key('k', 'x'), lease('a'), noon),
        await other.insert(booking('BBBBBBBB'), key('k', 'y'), lease('b'), noon),
      ]
      expect(answers[0]).toEqual(answers[1])
      expect(await other.list({ status: null, limit: 9, after: null, now: noon })).toHaveLength(1)
      expect(await one.findKey('k', noon + 999)).toEqual(answers[0])
      expect(await one.findKey('k', noon + 1000)).toBeNull()
      const later = { ...booking('CCCCCCCC'), createdAt: noon + 1000 }
      expect(await one.insert(later, key('k', 'z'), lease('a'), noon)).toEqual({
        reference: 'CCCCCCCC',
        payloadHash: 'z',
      })
    })

    test('a reference that stands already is not overwritten', async () => {
      await stored(stores[0], 'AAAAAAAA')
      await expect(stores[0].insert(booking('AAAAAAAA'), key('other'), lease('a'), noon)).rejects.toThrow(/unique/i)
      expect(await stores[0].findKey('other', noon)).toBeNull()
    })

    test('only who has the lease, and has read the latest, may write', async () => {
      const [one, other] = stores
      const read = await stored(one, 'AAAAAAAA')
      const change = { state: { is: 'ordering' as const }, job: { is: 'leased' as const, lease: lease('a') } }
      await expect(other.save(read, 'b', change, noon)).rejects.toThrow(LeaseLost)
      const saved = await one.save(read, 'a', change, noon)
      expect(saved).toMatchObject({ version: 1, state: { is: 'ordering' } })
      await expect(one.save(read, 'a', change, noon)).rejects.toThrow(LeaseLost)
      expect(await other.find('AAAAAAAA')).toEqual(saved)
    })

    test('a lease is taken with a change once it has run out, and the change is not made while it has not', async () => {
      const [one, other] = stores
      const read = await stored(one, 'AAAAAAAA')
      const takes = lease('b', noon + 300)
      const change = { state: { is: 'ordering' as const }, takes, job: { is: 'leased' as const, lease: takes } }
      await expect(other.save(read, 'b', change, noon + 99)).rejects.toThrow(LeaseLost)
      expect(await one.find('AAAAAAAA')).toEqual(read)
      expect(await other.save(read, 'b', change, noon + 100)).toMatchObject({ version: 1 })
      await expect(one.save({ ...read, version: 1 }, 'a', change, noon + 101)).rejects.toThrow(LeaseLost)
    })

    test('what is due goes to one gateway only; what is leased, not due or done to none', async () => {
      const [one, other] = stores
      for (const reference of ['AAAAAAAA', 'BBBBBBBB', 'CCCCCCCC', 'DDDDDDDD']) {
        const read = await stored(one, reference)
        const due = { is: 'due' as const, at: reference === 'CCCCCCCC' ? noon + 50 : noon, attempts: 3 }
        if (reference !== 'DDDDDDDD') await one.save(read, 'a', { job: due }, noon)
        else await one.save(read, 'a', { state: { is: 'confirmed' }, job: { is: 'done' } }, noon)
      }
      await stored(one, 'EEEEEEEE')
      const taken = [await one.leaseDue(lease('a'), at(noon), 1), await other.leaseDue(lease('b'), at(noon), 9)]
      expect(taken.flat().toSorted((a, b) => (a.reference < b.reference ? -1 : 1))).toEqual([
        { reference: 'AAAAAAAA', attempts: 3 },
        { reference: 'BBBBBBBB', attempts: 3 },
      ])
      await one.release('AAAAAAAA', 'a')
      await one.release('AAAAAAAA', 'b')
      const again = await other.leaseDue(lease('b'), at(noon + 50), 9)
      expect(again.map(({ reference }) => reference).toSorted()).toEqual(['AAAAAAAA', 'CCCCCCCC'])
    })

    test('a hold is due by the world’s time alone, what is tried again by real time alone', async () => {
      const [one, other] = stores
      const held = { ...(await stored(one, 'AAAAAAAA')) }
      const payBy = noon + 500
      const holds = { state: { is: 'held' as const, payBy }, job: { is: 'lapses' as const, at: payBy } }
      await one.save(held, 'a', holds, noon)
      const late = await stored(one, 'BBBBBBBB')
      await one.save(late, 'a', { job: { is: 'due', at: noon + 500, attempts: 2 } }, noon)

      const longAgo = { real: noon + 499, world: noon + 499 }
      expect(await other.leaseDue(lease('b'), longAgo, 9)).toEqual([])
      expect(await other.survey(longAgo)).toMatchObject({ jobsDue: 0, jobsWaiting: 2, oldestDueAt: null })
      const frozen = { real: noon + 900_000_000, world: noon }
      expect(await other.survey(frozen)).toMatchObject({ jobsDue: 1, jobsWaiting: 1, oldestDueAt: noon + 500 })
      const leapt = { real: noon + 3, world: noon + 510 }
      expect(await other.survey(leapt)).toMatchObject({ jobsDue: 1, jobsWaiting: 1, oldestDueAt: noon - 7 })
      expect(await other.leaseDue(lease('b', frozen.real + 9), leapt, 9)).toEqual([
        { reference: 'AAAAAAAA', attempts: 0 },
      ])
      expect(await other.leaseDue(lease('b'), frozen, 9)).toEqual([{ reference: 'BBBBBBBB', attempts: 2 }])
      // Given back as it was, a hold that has lapsed is due again; one that is worked on is in nobody else's hands.
      expect(await one.leaseDue(lease('a'), leapt, 9)).toEqual([])
      await other.release('AAAAAAAA', 'b')
      expect(await one.leaseDue(lease('a'), leapt, 9)).toMatchObject([{ reference: 'AAAAAAAA' }])
    })

    test('what is worked on in a world far ahead is due in real time once its lease has run out', async () => {
      const [one, other] = stores
      const ahead = { ...booking('AAAAAAAA'), createdAt: noon + 900_000_000 }
      await one.insert(ahead, key('k'), lease('a'), noon)
      expect(await other.leaseDue(lease('b'), { real: noon + 100, world: noon + 900_000_100 }, 9)).toEqual([
        { reference: 'AAAAAAAA', attempts: 0 },
      ])
    })

    test('nothing is left when it is cleared, and who worked on it learns', async () => {
      const [one, other] = stores
      const read = await stored(one, 'AAAAAAAA')
      await other.clear()
      expect(await one.find('AAAAAAAA')).toBeNull()
      expect(await one.findKey('AAAAAAAA', noon)).toBeNull()
      expect(await one.survey(at(noon))).toMatchObject({ bookings: new Map(), jobsInHand: 0 })
      const change = { state: { is: 'ordering' as const }, job: { is: 'leased' as const, lease: lease('a') } }
      await expect(one.save(read, 'a', change, noon)).rejects.toThrow(LeaseLost)
      await stored(one, 'AAAAAAAA')
    })

    test('a change is made whole or not at all', async () => {
      const [one] = stores
      const read = await stored(one, 'AAAAAAAA')
      const events = [{ at: noon, airline: null, event: 'x', detail: '' }]
      const behind = { ...read, history: [] }
      const change = { state: { is: 'ordering' as const }, events, job: { is: 'done' as const } }
      await expect(one.save(behind, 'a', change, noon)).rejects.toThrow()
      expect(await one.find('AAAAAAAA')).toEqual(read)
    })

    test('one of many gateways stores a booking under a key, and the others learn which', async () => {
      const opened = await openFour()
      const references = Array.from({ length: 12 }, (_, n) => `AAAAAA${String(n + 10)}`)
      const answers = await allOf(
        databases.atOnce(
          references.map((reference, n) => async () => {
            return opened[n % opened.length]?.insert(booking(reference), key('k', reference), lease('a'), noon)
          }),
        ),
      )
      const [first] = answers
      expect(references).toContain(first?.reference)
      expect(first?.payloadHash).toBe(first?.reference)
      for (const answer of answers) expect(answer).toEqual(first)
      expect(await stores[0].list({ status: null, limit: 20, after: null, now: noon })).toHaveLength(1)
      for (const store of opened) await store.close()
    })

    test('what many gateways look for at once goes to one each, and all of it goes', async () => {
      const references = Array.from({ length: 30 }, (_, n) => `BBBBBB${String(n + 10)}`)
      for (const reference of references) {
        const read = await stored(stores[0], reference)
        await stores[0].save(read, 'a', { job: { is: 'due', at: noon, attempts: 0 } }, noon)
      }
      const opened = await openFour()
      const taken: string[] = []
      for (let rounds = 0; taken.length < references.length && rounds < 20; rounds++) {
        const found = await allOf(
          databases.atOnce(opened.map((store, n) => () => store.leaseDue(lease(`owner ${n}`), at(noon), 3))),
        )
        for (const one of found) expect(one.length).toBeLessThanOrEqual(3)
        taken.push(...found.flat().map(({ reference }) => reference))
      }
      expect(taken.toSorted()).toEqual(references)
      for (const store of opened) await store.close()
    })

    test('a lease that is renewed holds on; one that another has taken cannot be renewed, nor written under', async () => {
      const [one, other] = stores
      const read = await stored(one, 'AAAAAAAA')
      await stored(one, 'BBBBBBBB')
      expect(await one.isInHand('AAAAAAAA', noon + 99)).toBe(true)
      expect(await one.renew(['AAAAAAAA'], lease('a', noon + 300))).toEqual(['AAAAAAAA'])
      expect(await other.leaseDue(lease('b', noon + 400), at(noon + 200), 9)).toEqual([
        { reference: 'BBBBBBBB', attempts: 0 },
      ])
      expect(await other.isInHand('AAAAAAAA', noon + 299)).toBe(true)
      expect(await other.isInHand('AAAAAAAA', noon + 300)).toBe(false)
      expect(await other.leaseDue(lease('b', noon + 500), at(noon + 300), 9)).toMatchObject([{ reference: 'AAAAAAAA' }])
      expect(await one.renew(['AAAAAAAA', 'BBBBBBBB'], lease('a', noon + 600))).toEqual([])
      expect(await one.renew([], lease('a', noon + 600))).toEqual([])
      for (const job of [{ is: 'done' as const }, { is: 'due' as const, at: noon, attempts: 0 }]) {
        await expect(one.save(read, 'a', { state: { is: 'confirmed' }, job }, noon + 301)).rejects.toThrow(LeaseLost)
      }
      expect(await other.find('AAAAAAAA')).toEqual(read)
      expect(await other.isInHand('AAAAAAAA', noon + 499)).toBe(true)
    })

    test('of two who write at once one is heard, and the other learns it', async () => {
      const [one, other] = stores
      const read = await stored(one, 'AAAAAAAA')
      const change = { state: { is: 'ordering' as const }, job: { is: 'leased' as const, lease: lease('a') } }
      const written = await databases.atOnce([one, other].map((store) => () => store.save(read, 'a', change, noon)))
      expect(written.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
      expect(written.find(({ status }) => status === 'rejected')).toMatchObject({ reason: expect.any(LeaseLost) })
      expect(await one.find('AAAAAAAA')).toMatchObject({ version: 1 })
    })

    test('a survey counts what there is and what is to be done', async () => {
      const [one] = stores
      const nothing = {
        bookings: new Map(),
        oldestPendingAt: null,
        jobsInHand: 0,
        jobsDue: 0,
        jobsWaiting: 0,
        oldestDueAt: null,
      }
      expect(await one.survey(at(noon))).toEqual(nothing)
      await stored(one, 'AAAAAAAA')
      const due = await stored(one, 'BBBBBBBB')
      await one.save(due, 'a', { job: { is: 'due', at: noon + 5, attempts: 1 } }, noon)
      const done = await stored(one, 'CCCCCCCC')
      await one.save(done, 'a', { state: { is: 'confirmed' }, job: { is: 'done' } }, noon)
      const found = {
        bookings: new Map([
          ['pending', 2],
          ['confirmed', 1],
        ]),
        oldestPendingAt: noon,
        jobsInHand: 1,
      }
      expect(await one.survey(at(noon + 4))).toEqual({ ...found, jobsDue: 0, jobsWaiting: 1, oldestDueAt: null })
      expect(await one.survey(at(noon + 5))).toEqual({ ...found, jobsDue: 1, jobsWaiting: 0, oldestDueAt: noon + 5 })
    })
  })
}
