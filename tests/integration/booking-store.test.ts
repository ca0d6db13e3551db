import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { buildApp } from '../../gateway/src/app.ts'
import { describeStore } from '../../gateway/src/booking/store/contract.ts'
import { postgresDatabase } from '../../gateway/src/booking/store/postgres.ts'
import { createTestAirline, noon, requestFor, type TestAirline } from '../../gateway/src/booking/testing.ts'
import { buildTestApp } from '../support/gateway-app.ts'
import { findPostgresWay, openPostgres, type TestPostgres } from '../support/postgres.ts'
import { openTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts'
import { until } from '../support/until.ts'

const way = await findPostgresWay()
const log = { warn() {} }

describe.skipIf(way === null)('PostgreSQL', () => {
  let postgres: TestPostgres
  beforeAll(async () => {
    if (way) postgres = await openPostgres(way)
  }, 120_000)
  afterAll(() => postgres?.close())

  describeStore('PostgreSQL', async () => ({
    async make() {
      const url = await postgres.newDatabase()
      return () => postgresDatabase(url, log)
    },
    atOnce: (runs) => Promise.allSettled(runs.map((run) => run())),
    close: async () => {},
  }))

  test('several processes may open a new store at once', async () => {
    const folder = fileURLToPath(new URL('../../gateway/src/booking/store', import.meta.url))
    const modules = ['postgres.ts', 'store.ts'].map((name) => pathToFileURL(join(folder, name)).href)
    const program = `
      const [{ postgresDatabase }, { openStore }] = await Promise.all(${JSON.stringify(modules)}.map((name) => import(name)))
      const store = await openStore(postgresDatabase(process.argv[1], console))
      await store.check()
      await store.close()`
    const url = await postgres.newDatabase()
    const run = promisify(execFile)
    const runs = Array.from({ length: 4 }, () => run(process.execPath, ['--input-type=module', '-e', program, url]))
    for (const { stderr } of await Promise.all(runs)) expect(stderr).toBe('')
  })

  describe('gateways on it', () => {
    let url: string
    let proxy: TcpProxy
    let airline: TestAirline
    /** Two gateways; the way of the second to the database can be taken away. */
    let gateways: [App, App]
    type App = Awaited<ReturnType<typeof buildApp>>

    beforeEach(async () => {
      url = await postgres.newDatabase()
      const { hostname, port } = new URL(url)
      proxy = await openTcpProxy({ host: hostname, port: Number(port || 5432) })
      const proxied = new URL(url)
      proxied.host = `127.0.0.1:${proxy.port}`
      airline = createTestAirline({ name: 'alpha', canHold: true, now: () => noon })
      const open = (databaseUrl: string) =>
        buildTestApp({
          connectors: new Map([['alpha', airline.connector]]),
          now: () => noon + Math.floor(performance.now()),
          environment: {
            DATABASE_URL: databaseUrl,
            BOOKING_LEASE_MS: '1000',
            BOOKING_POLL_MS: '50',
            BOOKING_ASK_AGAIN_MS: '200',
            BOOKING_BACK_OFF_MS: '50',
          },
        })
      gateways = [await open(url), await open(proxied.href)]
      for (const gateway of gateways) await gateway.ready()
    })
    afterEach(async () => {
      await proxy.restore()
      for (const gateway of gateways) await gateway.close()
      await proxy.close()
    })

    async function book(gateway: App, key: string) {
      const reply = await gateway.inject({
        method: 'POST',
        url: '/v1/bookings',
        headers: { 'idempotency-key': key },
        payload: requestFor([[airline]]),
      })
      return { status: reply.statusCode, headers: reply.headers, body: reply.json() }
    }
    const read = async (gateway: App, reference: string) =>
      (await gateway.inject({ url: `/v1/bookings/${reference}` })).json()
    const readiness = async (gateway: App) => (await gateway.inject({ url: '/health/ready' })).statusCode

    test('book once for a key that both are given at the same time', async () => {
      const answers = await Promise.all(
        Array.from({ length: 10 }, (_, n) => book(gateways[n % 2 ? 0 : 1], 'key-00001')),
      )
      for (const { status, body } of answers) expect([status, body]).toEqual([201, answers[0]?.body])
      expect(airline.orders.size).toBe(1)
      expect(airline.calls).toEqual([`purchase ${answers[0]?.body.reference}-1`])
    })

    test('sell twenty seats to twenty of a hundred', async () => {
      airline.seatsLeft = 20
      const answers = await Promise.all(
        Array.from({ length: 100 }, (_, n) => book(gateways[n % 2 ? 0 : 1], `key-1${n}000`)),
      )
      expect(answers.filter(({ status }) => status === 201)).toHaveLength(20)
      expect(answers.filter(({ body }) => body.code === 'sold_out')).toHaveLength(80)
      expect(airline.orders.size).toBe(20)
    })

    test('answer 503 while it is gone, say that they are not ready, and come back by themselves', async () => {
      const [near, far] = gateways
      const { body: booking } = await book(far, 'key-00001')
      await proxy.cut()
      const gone = await book(far, 'key-00002')
      expect([gone.status, gone.body.code, gone.headers['retry-after']]).toEqual([
        503,
        'booking_store_unavailable',
        '2',
      ])
      for (const path of ['/v1/bookings', `/v1/bookings/${booking.reference}`]) {
        expect((await far.inject({ url: path })).statusCode).toBe(503)
      }
      expect(await readiness(far)).toBe(503)
      expect((await far.inject({ url: '/metrics' })).body).toContain('fanfare_booking_store_up 0')
      expect((await book(near, 'key-00003')).status).toBe(201)
      await proxy.restore()
      await until('the gateway is ready again', async () => (await readiness(far)) === 200)
      expect(await read(far, booking.reference)).toEqual(booking)
      expect((await book(far, 'key-00002')).status).toBe(201)
    })

    test('give up on a database that does not answer within some seconds, and use none of its late answers', async () => {
      const [, far] = gateways
      expect((await book(far, 'key-00001')).status).toBe(201)
      proxy.freeze()
      const began = performance.now()
      expect((await book(far, 'key-00002')).body.code).toBe('booking_store_unavailable')
      expect(performance.now() - began).toBeLessThan(15_000)
      await proxy.restore()
      await until('the gateway is ready again', async () => (await readiness(far)) === 200)
      expect((await book(far, 'key-00002')).status).toBe(201)
      expect(airline.orders.size).toBe(2)
    })

    test('outlive a database that ends their sessions', async () => {
      const [near] = gateways
      const mine =
        'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()'
      expect((await postgres.query(url, mine)).length).toBeGreaterThan(0)
      await until('the gateway is ready again', async () => (await readiness(near)) === 200)
      expect((await book(near, 'key-00001')).status).toBe(201)
    })

    test('finish what one of them lost sight of, whichever comes to it', async () => {
      const [near, far] = gateways
      const { purchase } = airline.connector
      airline.connector.purchase = async (draft, signal) => {
        const order = await purchase(draft, signal)
        await proxy.cut()
        return order
      }
      expect((await book(far, 'key-00001')).status).toBe(503)
      const { body } = await near.inject({ url: '/v1/bookings' }).then((reply) => ({ body: reply.json() }))
      const reference = body.bookings[0].reference
      await until('the other has finished it', async () => (await read(near, reference)).status === 'confirmed')
      expect((await book(near, 'key-00001')).body.reference).toBe(reference)
      expect([...airline.orders.keys()]).toEqual([`${reference}-1`])
    })
  })
})
