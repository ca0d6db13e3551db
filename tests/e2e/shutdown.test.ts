import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type Api, createApi } from '../support/api.ts'
import { minor } from '../support/money.ts'
import { answersIn, openRawClient } from '../support/raw-client.ts'
import { readSeries } from '../support/series.ts'
import { createSystem, type Running, type RunningAirline, type System } from '../support/system.ts'
import { daysAhead, planTrip } from '../support/trip.ts'
import { until } from '../support/until.ts'

const delhiMumbai = { origin: 'DEL', destination: 'BOM', departureDate: daysAhead(30) }
const searchPath = `/v1/search?${new URLSearchParams(delhiMumbai)}`

describe('a gateway that is told to stop', () => {
  let system: System
  let airline: RunningAirline
  beforeAll(async () => {
    system = createSystem()
    airline = await system.startAirline('saffron')
  })
  afterEach(() => airline.setFaults([]))
  afterAll(() => system.close())

  const start = (env: Record<string, string> = {}) => system.startGateway([airline], env)
  const ready = async ({ url }: Running) => {
    const response = await fetch(`${url}/health/ready`)
    return { status: response.status, text: await response.text() }
  }
  const portOf = ({ url }: Running) => Number(new URL(url).port)

  /** An offer with what a booking of it takes. */
  async function request(api: Api, days: number) {
    const { slices } = await api.search({ ...delhiMumbai, departureDate: daysAhead(days) })
    const offers = slices[0]?.offers ?? []
    const [offer] = offers.toSorted((a, b) => minor(a.price) - minor(b.price))
    if (!offer) throw new Error('there is no offer')
    return (await planTrip(api, offer)).request
  }

  test('serves while it says that it is not ready, under load, and loses no request that it was sent', async () => {
    const gateway = await start({ SHUTDOWN_DRAIN_MS: '1500' })
    await fetch(gateway.url + searchPath).then((response) => response.text())
    let isLeft = false
    const answered = { before: 0, while: 0 }
    const lost: string[] = []
    let stopping: Promise<unknown> | null = null

    /** As behind a load balancer: asks as long as the gateway says that it is ready, over connections that it keeps. */
    async function client() {
      while (!isLeft) {
        try {
          const response = await fetch(gateway.url + searchPath)
          const body = await response.text()
          if (response.status !== 200 || !body.endsWith('}')) lost.push(`${response.status} ${body.slice(-80)}`)
          answered[stopping ? 'while' : 'before']++
        } catch (error) {
          lost.push(String(error instanceof Error ? (error.cause ?? error) : error))
        }
      }
    }
    const clients = Promise.all(Array.from({ length: 16 }, client))
    await until('the load is on', () => answered.before > 200)
    const askedAt = performance.now()
    stopping = gateway.stop()
    const said = await until('it says that it is not ready', async () => {
      const answer = await ready(gateway)
      return answer.status === 503 ? answer.text : null
    })
    expect(JSON.parse(said)).toMatchObject({ status: 'not_ready' })
    expect(said).toContain('stopping')
    const metrics = await fetch(`${gateway.url}/metrics`)
    expect(metrics.headers.get('connection')).toBe('close')
    expect(readSeries(await metrics.text()).get('fanfare_stopping')).toBe(1)
    const soFar = answered.while
    await until('it serves on', () => answered.while > soFar + 50)
    isLeft = true
    await clients
    expect(lost).toEqual([])
    expect(await stopping).toEqual({ code: 0 })
    expect(performance.now() - askedAt).toBeLessThan(1_500 + 5_000)
  })

  test('answers what it has begun, and what comes on open connections, but takes no new ones', async () => {
    const gateway = await start()
    const api = createApi(gateway.url)
    const wanted = await request(api, 31)
    const [unused, used] = [await openRawClient(portOf(gateway)), await openRawClient(portOf(gateway))]
    const ask = 'GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n'
    used.send(ask)
    await until('the connection is used', () => answersIn(used.received()).length === 1)

    await airline.setFaults([{ operation: 'purchase', kind: 'late', delayMs: 2_000, next: 1 }])
    const booking = api.booked(wanted)
    await until('the airline is at it', async () => ((await airline.struck()).get('purchase/late') ?? 0) > 0)
    const stopped = gateway.stop()
    await until('new connections are refused', async () => {
      try {
        await (await fetch(`${gateway.url}/health/live`, { headers: { connection: 'close' } })).text()
        return false
      } catch {
        return true
      }
    })
    expect((await booking).status).toBe('confirmed')
    expect(await stopped).toEqual({ code: 0 })
    await Promise.all([unused.closed, used.closed])
    expect(await airline.audit()).toEqual([])
  })

  test('answers a request that was on its way over a kept connection', async () => {
    const gateway = await start()
    const client = await openRawClient(portOf(gateway))
    const ask = 'GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n'
    client.send(ask)
    await until('the connection is used', () => answersIn(client.received()).length === 1)
    gateway.pause()
    const stopped = gateway.stop()
    client.send(ask)
    gateway.resume()
    expect(await stopped).toEqual({ code: 0 })
    await client.closed
    expect(answersIn(client.received()).map(({ status }) => status)).toEqual([200, 200])
  })

  test('hands a booking that does not end to another gateway, long before its lease is over', async () => {
    const shared = { FANFARE_DATA: `${system.folder}/shared`, BOOKING_LEASE_MS: '600000', BOOKING_POLL_MS: '200' }
    const [leaving, heir] = [await start(shared), await start(shared)]
    const api = createApi(leaving.url)
    const wanted = await request(api, 32)
    await airline.setFaults([{ operation: 'purchase', kind: 'late', delayMs: 30_000, next: 1 }])
    const booking = api.book(wanted)
    await until('the airline is at it', async () => ((await airline.struck()).get('purchase/late') ?? 0) > 0)
    expect(await leaving.stop()).toEqual({ code: 0 })
    const answer = await booking
    expect(answer.status).toBe(202)
    const reference = answer.headers.get('location')?.split('/').at(-1) ?? ''
    await until(
      'the other has settled it',
      async () => (await createApi(heir.url).read(reference)).status === 'confirmed',
    )
    expect(
      (await airline.orders()).filter(({ clientReference }) => clientReference.startsWith(reference)),
    ).toHaveLength(1)
    expect(await heir.stop()).toEqual({ code: 0 })
  })

  test('ends at once when it is told a second time', async () => {
    const gateway = await start({ SHUTDOWN_DRAIN_MS: '600000' })
    const first = gateway.stop()
    await until('it is stopping', async () => (await ready(gateway)).status === 503)
    const askedAt = performance.now()
    expect(await gateway.stop()).toEqual({ code: 1 })
    expect(await first).toEqual({ code: 1 })
    expect(performance.now() - askedAt).toBeLessThan(3_000)
  })
})
