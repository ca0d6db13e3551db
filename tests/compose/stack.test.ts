import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { airlines as registry } from '../../gateway/src/airlines/index.ts'
import type { Offer } from '../../gateway/src/schemas/offer.ts'
import { type Api, createApi } from '../support/api.ts'
import { hasCompose, image, type Stack, startStack } from '../support/compose.ts'
import { daysAhead, planTrip } from '../support/trip.ts'
import { until } from '../support/until.ts'

const airlines = registry.map(({ airline }) => airline.name)
const programs = [...airlines, 'gateway']
const gateways = 3

describe.skipIf(!(await hasCompose()))('the Compose stack', () => {
  let stack: Stack
  let api: Api

  beforeAll(async () => {
    stack = await startStack({ gateways })
    api = createApi(stack.url)
  }, 300_000)
  afterAll(() => stack?.close(), 60_000)

  const search = (days: number, others: Record<string, string> = {}) =>
    api.search({ origin: 'DEL', destination: 'BOM', departureDate: daysAhead(days), ...others })
  async function offerOf(airline: string, days: number): Promise<Offer> {
    const offer = (await search(days, { airlines: airline })).slices[0]?.offers[0]
    if (!offer) throw new Error(`${airline} has nothing`)
    return offer
  }

  /** Asks the same until every gateway has answered; all answers, by gateway. */
  async function askEach(path: string): Promise<Map<string, unknown[]>> {
    const answers = new Map<string, unknown[]>()
    for (let round = 0; round < 60 && answers.size < gateways; round++) {
      const { status, headers, body } = await api.call('GET', path)
      expect(status, JSON.stringify(body)).toBe(200)
      const server = headers.get('x-served-by') ?? ''
      answers.set(server, [...(answers.get(server) ?? []), body])
    }
    expect([...answers.keys()]).toHaveLength(gateways)
    return answers
  }

  test('finds flights of every airline', async () => {
    // The first that a stack is asked may take an airline longer than a search waits for it.
    const { sources } = await until('a complete answer', async () => {
      const result = await search(30)
      return result.complete && result
    })
    expect(sources.map(({ airline, status }) => [airline, status])).toEqual(airlines.map((name) => [name, 'ok']))
  })

  test.each(airlines)('takes a trip with %s from the search to a cancelled booking', async (airline) => {
    const { request } = await planTrip(api, await offerOf(airline, 31))
    const booking = await api.booked(request)
    expect(booking).toMatchObject({ status: 'confirmed', price: { total: request.expectedTotal } })
    expect(await api.read(booking.reference)).toEqual(booking)
    expect((await api.cancel(booking.reference, false)).status).toBe('quoted')
    expect((await api.cancel(booking.reference, true)).status).toBe('cancelled')
    expect((await api.read(booking.reference)).status).toBe('cancelled')
  })

  test('spreads requests over all gateways', async () => {
    const served = new Map<string, number>()
    const ask = async () => {
      for (let n = 0; n < 25; n++) {
        const { status, headers } = await api.call('GET', '/v1/airlines')
        expect(status).toBe(200)
        const server = headers.get('x-served-by') ?? ''
        served.set(server, (served.get(server) ?? 0) + 1)
      }
    }
    await Promise.all(Array.from({ length: 12 }, ask))
    const ofGateways = (await stack.containers('gateway')).map(({ addresses }) => `${addresses.gateways}:8080`)
    expect([...served.keys()].sort()).toEqual(ofGateways.sort())
    for (const count of served.values()) expect(count).toBeGreaterThan(30)
  })

  test('serves any offer, any booking and any idempotency key at any gateway', async () => {
    const offer = await offerOf('saffron', 32)
    for (const bodies of (await askEach(`/v1/itinerary?offerId=${encodeURIComponent(offer.id)}`)).values()) {
      for (const body of bodies) expect(body).toMatchObject({ complete: true, offers: [{ id: offer.id }] })
    }
    const { request } = await planTrip(api, offer)
    const booking = await api.booked(request, 'the-same-for-all')
    for (const bodies of (await askEach(`/v1/bookings/${booking.reference}`)).values()) {
      for (const body of bodies) expect(body).toEqual(booking)
    }
    const again = await Promise.all(Array.from({ length: 6 }, () => api.book(request, 'the-same-for-all')))
    for (const { body } of again) expect(body).toMatchObject({ reference: booking.reference })
    expect(new Set(again.map(({ headers }) => headers.get('x-served-by'))).size).toBeGreaterThan(1)
  })

  test('keeps the gateways’ own numbers inside', async () => {
    expect((await fetch(`${stack.url}/metrics`)).status).toBe(404)
  })

  test('publishes the balancer alone, on loopback', async () => {
    const published = (await stack.containers()).flatMap(({ service, published }) =>
      published.map((where) => [service, where]),
    )
    expect(published).toEqual([['balancer', stack.url.replace('http://', '')]])
  })

  test('lets only gateways reach airlines and databases', async () => {
    const [gateway] = await stack.containers('gateway')
    const address = async (service: string) => Object.values((await stack.container(service)).addresses)[0] ?? ''
    expect(await stack.canConnect('gateways', gateway?.addresses.gateways ?? '', 8080)).toBe(true)
    expect(await stack.canConnect('airlines', await address('saffron'), 8080)).toBe(true)
    const wrong: [string, string, number][] = [
      ...airlines.map((name): [string, string, number] => ['gateways', name, 8080]),
      ['outside', 'saffron', 8080],
      ['outside', 'redis', 6379],
      ['gateways', 'redis', 6379],
      ['gateways', 'postgres', 5432],
      ['airlines', 'redis', 6379],
      ['airlines', 'postgres', 5432],
    ]
    const reached = await Promise.all(
      wrong.map(async ([network, service, port]) =>
        (await stack.canConnect(network, await address(service), port)) ? `${network} → ${service}` : null,
      ),
    )
    expect(reached.filter(Boolean)).toEqual([])
  })

  test('runs nothing as root, and its programs with a root that cannot be written to', async () => {
    for (const { id, service, readOnlyRoot, health } of await stack.containers()) {
      const [, user] = /^Uid:\s+(\d+)/m.exec(await stack.docker('exec', id, 'cat', '/proc/1/status')) ?? []
      expect([service, Number(user) > 0, health]).toEqual([service, true, 'healthy'])
      expect([service, readOnlyRoot]).toEqual([service, service !== 'postgres'])
    }
    const [gateway] = await stack.containers('gateway')
    const write = `require('node:fs').writeFileSync('/app/gateway/x', '')`
    await expect(stack.docker('exec', gateway?.id ?? '', 'node', '-e', write)).rejects.toThrow(/EROFS/)
  })

  test('gives airlines nothing that is another’s: no way to the database', async () => {
    const { id } = await stack.container('saffron')
    const environment = await stack.docker('exec', id, 'node', '-p', 'JSON.stringify(process.env)')
    expect(JSON.parse(environment)).toMatchObject({ POSTGRES_PASSWORD: '', DATABASE_URL: '' })
  })

  test('has an image with what runs and nothing else', async () => {
    const list = `const { readdirSync } = require('node:fs')
      console.log(JSON.stringify(readdirSync('/app', { recursive: true })))`
    const files: string[] = JSON.parse(await stack.docker('run', '--rm', image, 'node', '-e', list))
    for (const name of programs) {
      expect(files).toContain(name === 'gateway' ? 'gateway/src/main.ts' : `services/${name}/src/main.ts`)
    }
    const ours = files.filter((file) => !file.startsWith('node_modules/'))
    expect(ours.filter((file) => /\.test\.ts$|testing|fixtures|\.env|\.git/.test(file))).toEqual([])
    expect([...new Set(ours.map((file) => file.split('/')[0]))].sort()).toEqual(
      expect.arrayContaining(['deploy', 'gateway', 'node_modules', 'package.json', 'services']),
    )
    for (const name of ['vitest', 'typescript', 'testcontainers', '@biomejs', 'express']) {
      expect(files).not.toContain(`node_modules/${name}`)
    }
    const [size = 0, base = 0] = (
      await stack.docker('image', 'inspect', '--format', '{{.Size}}', image, 'node:26-slim')
    )
      .trim()
      .split('\n')
      .map(Number)
    expect(size - base).toBeLessThan(40_000_000)
  })

  test('stops at once and in good order, and has its bookings when it comes back', async () => {
    const { request } = await planTrip(api, await offerOf('banyan', 33))
    const booking = await api.booked(request)
    const startedAt = performance.now()
    await stack.compose('stop')
    // The gateways wait 3 s for the balancer to see that they go.
    expect(performance.now() - startedAt).toBeLessThan(15_000)
    const codes = (await stack.containers()).map(({ service, exitCode }) => [service, exitCode])
    expect(codes.filter(([, code]) => code !== 0)).toEqual([])
    await stack.compose('down')
    await stack.up()
    expect(await api.read(booking.reference)).toEqual(booking)
    expect((await api.cancel(booking.reference, true)).status).toBe('cancelled')
  }, 150_000)

  test('keeps its books in order', async () => {
    for (const name of airlines) {
      const { checks } = await stack.simulation(name, '/audit')
      expect(checks).not.toHaveLength(0)
      expect(checks).toEqual(expect.not.arrayContaining([expect.objectContaining({ holds: false })]))
    }
  })
})
