import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createTestAirline, noon, requestFor } from '../testing.ts'
import { sqliteDatabase } from './sqlite.ts'
import { LeaseLost, type NewBooking, openStore, type Store } from './store.ts'

const alpha = createTestAirline({ name: 'alpha', canHold: true, now: () => noon })
let folder = ''
/** Two gateways on one file. */
let stores: [Store, Store]

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fanfare-store-'))
  const file = join(folder, 'gateway.sqlite')
  stores = [await openStore(sqliteDatabase(file)), await openStore(sqliteDatabase(file))]
})
afterEach(async () => {
  for (const store of stores) await store.close()
  rmSync(folder, { recursive: true, force: true })
})

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

async function stored(store: Store, reference: string) {
  await store.insert(booking(reference), key(reference), lease('a'))
  const found = await store.find(reference)
  if (!found) throw new Error('not stored')
  return found
}

test('what is written is on the disk when the call answers', () => {
  const reader = new DatabaseSync(join(folder, 'gateway.sqlite'))
  expect(reader.prepare('pragma journal_mode').get()).toEqual({ journal_mode: 'wal' })
  reader.close()
})

test('several processes may open a new store at once', async () => {
  const modules = ['sqlite.ts', 'store.ts'].map((name) => pathToFileURL(join(import.meta.dirname, name)).href)
  const program = `
    const [{ sqliteDatabase }, { openStore }] = await Promise.all(${JSON.stringify(modules)}.map((name) => import(name)))
    const store = await openStore(sqliteDatabase(process.argv[1]))
    await store.check()
    await store.close()`
  const file = join(folder, 'new.sqlite')
  const run = promisify(execFile)
  const runs = Array.from({ length: 4 }, () => run(process.execPath, ['--input-type=module', '-e', program, file]))
  for (const { stderr } of await Promise.all(runs)) expect(stderr).toBe('')
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
    await one.insert(booking('AAAAAAAA'), key('k', 'x'), lease('a')),
    await other.insert(booking('BBBBBBBB'), key('k', 'y'), lease('b')),
  ]
  expect(answers[0]).toEqual(answers[1])
  expect(await other.list({ status: null, limit: 9, after: null, now: noon })).toHaveLength(1)
  expect(await one.findKey('k', noon + 999)).toEqual(answers[0])
  expect(await one.findKey('k', noon + 1000)).toBeNull()
  const later = { ...booking('CCCCCCCC'), createdAt: noon + 1000 }
  expect(await one.insert(later, key('k', 'z'), lease('a'))).toEqual({ reference: 'CCCCCCCC', payloadHash: 'z' })
})

test('a reference that stands already is not overwritten', async () => {
  await stored(stores[0], 'AAAAAAAA')
  await expect(stores[0].insert(booking('AAAAAAAA'), key('other'), lease('a'))).rejects.toThrow(/UNIQUE/)
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
  const taken = [await one.leaseDue(lease('a'), noon, 1), await other.leaseDue(lease('b'), noon, 9)]
  expect(taken.flat().toSorted((a, b) => (a.reference < b.reference ? -1 : 1))).toEqual([
    { reference: 'AAAAAAAA', attempts: 3 },
    { reference: 'BBBBBBBB', attempts: 3 },
  ])
  await one.release('AAAAAAAA', 'a')
  await one.release('AAAAAAAA', 'b')
  const again = await other.leaseDue(lease('b'), noon + 50, 9)
  expect(again.map(({ reference }) => reference).toSorted()).toEqual(['AAAAAAAA', 'CCCCCCCC'])
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
