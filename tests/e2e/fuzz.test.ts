import { once } from 'node:events'
import { request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { airlines } from '../../gateway/src/airlines/index.ts'
import type { BookingRequest } from '../../gateway/src/schemas/booking.ts'
import { type Api, createApi } from '../support/api.ts'
import { admitted, junk, mutated, varied } from '../support/arbitrary.ts'
import { type Operation, type Parameter, type ReceivedAnswer, readDescription } from '../support/openapi.ts'
import { createSystem, type Running, type RunningAirline } from '../support/system.ts'
import { daysAhead, planTrip } from '../support/trip.ts'

// Drives every operation of the published description with inputs made from it, whole and broken. Each answer must be
// one that the description has. FUZZ_RUNS asks for more than the usual number; a failure prints its seed.
const runs = Number(process.env.FUZZ_RUNS ?? 150)
const patienceMs = 50_000 + runs * 20
const description = readDescription(new URL('../../openapi/gateway.json', import.meta.url))

/** A request as it is sent; the body is text, so that it can be anything. */
interface FuzzRequest {
  method: string
  path: string
  headers: Record<string, string>
  body: string | null
}

/** Values that mean something to the gateway that is asked: without them nearly every request is refused at the door. */
interface Real {
  offerIds: string[]
  references: string[]
  bookings: BookingRequest[]
}

describe('a gateway that is sent anything', () => {
  const system = createSystem()
  let running: RunningAirline[]
  let gateway: Running
  let api: Api
  let real: Real
  /** Statuses that each operation has answered with. */
  const reached = new Map(description.operations.map(({ id }) => [id, new Set<number>()]))

  beforeAll(async () => {
    running = await Promise.all(airlines.map(({ airline }) => system.startAirline(airline.name)))
    gateway = await system.startGateway(running)
    api = createApi(gateway.url)
    real = await gather(api)
  })
  afterAll(() => system.close())

  const check = async (operation: Operation, request: FuzzRequest, isExpected: (status: number) => boolean) => {
    const answer = await send(gateway.url, request)
    reached.get(operation.id)?.add(answer.status)
    expect(isExpected(answer.status), `${answer.status}: ${answer.text.slice(0, 500)}`).toBe(true)
    expect(description.problems(operation, answer), answer.text.slice(0, 500)).toEqual([])
  }

  it.each(description.operations)(
    'answers $id as documented, and never with a fault of its own',
    async (operation) => {
      await fc.assert(
        fc.asyncProperty(requestOf(operation, real), (request) => {
          // Who waits for a millisecond is told that the airline took longer.
          const isHasty = 'fanfare-deadline' in request.headers
          return check(operation, request, (status) => status < 500 || (isHasty && status === 504))
        }),
        { numRuns: runs, interruptAfterTimeLimit: patienceMs, markInterruptAsFailure: false },
      )
    },
    patienceMs + 10_000,
  )

  it('reached what is behind the door: every operation did its work at least once', () => {
    const refusing = [...reached].filter(([, statuses]) => ![...statuses].some((status) => status < 300))
    // The control plane is closed here: whatever is sent to it, all that it does is to say so.
    const closed = description.operations.filter(({ path }) => path.startsWith('/_sim/')).map(({ id }) => id)
    expect(refusing.map(([id]) => id)).toEqual(closed)
  })

  it('says what a path allows when another method is tried', async () => {
    const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']
    for (const path of new Set(description.operations.map((operation) => operation.path))) {
      const allowed = description.operations.filter((one) => one.path === path).map(({ method }) => method)
      for (const method of methods.filter((one) => !allowed.includes(one))) {
        const answer = await api.call(method, path.replace('{reference}', 'FN7K2Q9P'))
        expect(api.problem(answer)).toMatchObject({ status: 405, code: 'method_not_allowed' })
        for (const one of allowed) expect(answer.headers.get('allow')).toContain(one)
      }
    }
  })

  it('says that nothing is at any other path', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string({ maxLength: 12 }), { minLength: 1, maxLength: 4 }), async (steps) => {
        const path = `/v2/${steps.map(encode).join('/')}`
        expect(api.problem(await api.call('GET', path))).toMatchObject({ status: 404, code: 'not_found' })
      }),
      { numRuns: runs },
    )
  })

  it('outlives what is no HTTP at all', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string({ unit: 'binary', minLength: 1, maxLength: 200 }),
          fc.constantFrom(
            'GET /v1/search HTTP/9.9\r\n\r\n',
            'GET  HTTP/1.1\r\nhost: x\r\n\r\n',
            `GET / HTTP/1.1\r\nhost: x\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`,
            'POST /v1/bookings HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n',
            'POST /v1/bookings HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: -1\r\n\r\n',
          ),
        ),
        async (bytes) => {
          const text = await speak(gateway.url, `${bytes}\r\n\r\n`)
          if (text !== '') expect(text).toMatch(/^HTTP\/1\.1 4\d\d /)
        },
      ),
      { numRuns: Math.ceil(runs / 3) },
    )
    expect((await api.call('GET', '/health/live')).status).toBe(200)
  })

  it('leaves every airline’s invariants whole', async () => {
    for (const airline of running) expect(await airline.audit(), airline.name).toEqual([])
  })

  it('answers as documented too while an airline is away', async () => {
    const [gone] = running
    await gone?.kill()
    for (const operation of description.operations) {
      await fc.assert(
        fc.asyncProperty(requestOf(operation, real), (request) =>
          check(operation, request, (status) => status < 500 || (status > 500 && status <= 504)),
        ),
        { numRuns: Math.ceil(runs / 4), interruptAfterTimeLimit: 10_000, markInterruptAsFailure: false },
      )
    }
  }, 150_000)
})

/** Offers and bookings of each airline, and what it takes to book more. */
async function gather(api: Api): Promise<Real> {
  const real: Real = { offerIds: [], references: [], bookings: [] }
  for (const { airline } of airlines) {
    const payments = airline.capabilities.hold ? (['now', 'hold'] as const) : (['now'] as const)
    for (let day = 30; day < 34; day++) {
      const query = { origin: 'DEL', destination: 'BOM', departureDate: daysAhead(day), airlines: airline.name }
      const [offer] = (await api.search(query)).slices[0]?.offers ?? []
      if (offer === undefined) throw new Error(`${airline.name} offers nothing`)
      real.offerIds.push(offer.id)
      for (const payment of payments) {
        const { itinerary, request } = await planTrip(api, offer, payment)
        real.bookings.push(request, { ...request, seats: [], baggage: [], expectedTotal: itinerary.total })
      }
    }
    // Bookings to read, pay and cancel; the price moves with each, so every one is of another day.
    for (const [index, payment] of [...payments, ...payments].entries()) {
      const query = { origin: 'DEL', destination: 'BOM', departureDate: daysAhead(40 + index), airlines: airline.name }
      const [offer] = (await api.search(query)).slices[0]?.offers ?? []
      if (offer) real.references.push((await api.booked((await planTrip(api, offer, payment)).request)).reference)
    }
  }
  return real
}

function requestOf(operation: Operation, real: Real): fc.Arbitrary<FuzzRequest> {
  const parameters = operation.parameters.map((parameter) => parameterOf(parameter, real))
  return fc
    .record({
      values: fc.tuple(...parameters),
      more: fc.oneof(
        { weight: 20, arbitrary: fc.constant([]) },
        fc.tuple(fc.string({ maxLength: 8 }), fc.string({ maxLength: 8 })).map((pair) => [pair]),
      ),
      body: operation.body === null ? fc.constant(null) : bodyOf(operation, real),
      type: fc.oneof(
        { weight: 12, arbitrary: fc.constant('application/json') },
        fc.constantFrom('text/plain', 'application/xml', 'application/json; charset=latin1', 'nonsense'),
      ),
    })
    .map(({ values, more, body, type }) => {
      const given = values.flat()
      const query = [...given.filter((value) => value.in === 'query').map(({ name, text }) => [name, text]), ...more]
      const text = query.map(([name = '', value = '']) => `${encode(name)}=${encode(value)}`).join('&')
      const path = operation.path.replace(/\{(\w+)\}/g, (_, name: string) => {
        const found = given.find((value) => value.in === 'path' && value.name === name)?.text
        return found ? encode(found) : 'FN7K2Q9P'
      })
      const headers = Object.fromEntries(
        given.filter((value) => value.in === 'header').map(({ name, text: value }) => [name, headerSafe(value)]),
      )
      return {
        method: operation.method,
        path: text === '' ? path : `${path}?${text}`,
        headers: { ...headers, ...(body !== null && { 'content-type': type }) },
        body,
      }
    })
}

interface Given {
  in: Parameter['in']
  name: string
  text: string
}

/** Nothing, once, or more than once. */
function parameterOf({ name, in: where, required, schema, example }: Parameter, real: Real): fc.Arbitrary<Given[]> {
  const meaningful = meaningOf(name, real)
  const good = admitted(example === undefined ? schema : { ...schema, example }, description.schemas)
  const fitting = meaningful === null ? good : fc.oneof({ weight: 3, arbitrary: meaningful }, good)
  const value = fc.oneof({ weight: 30, arbitrary: fitting }, { weight: 1, arbitrary: junk })
  const once = value.map((one) => (Array.isArray(one) ? one : [one]))
  const given = fc.oneof(
    { weight: 40, arbitrary: once },
    { weight: 1, arbitrary: fc.tuple(value, value) },
    { weight: required ? 1 : 120, arbitrary: fc.constant([]) },
  )
  return given.map((values) =>
    values.map((one) => ({ in: where, name, text: typeof one === 'string' ? one : (JSON.stringify(one) ?? '') })),
  )
}

function meaningOf(name: string, real: Real): fc.Arbitrary<unknown> | null {
  switch (name) {
    case 'origin':
    case 'destination':
      return fc.constantFrom('DEL', 'BOM', 'BLR', 'DXB', 'GOI', 'LHR', 'SIN')
    case 'offerId':
      return fc.oneof(
        fc.constantFrom(...real.offerIds),
        fc.uniqueArray(fc.constantFrom(...real.offerIds), { maxLength: 3 }),
      )
    case 'reference':
      return fc.constantFrom(...real.references)
    case 'airlines':
      return fc.constantFrom(...airlines.map(({ airline }) => airline.name))
    case 'idempotency-key':
      return fc.uuid()
    case 'currency':
      return fc.constantFrom('INR', 'USD', 'EUR', 'JPY', 'KWD', 'XXX')
    default:
      return null
  }
}

function bodyOf({ body, id }: Operation, real: Real): fc.Arbitrary<string | null> {
  const made = admitted(body ?? {}, description.schemas)
  const whole =
    id === 'createBooking' ? fc.oneof({ weight: 4, arbitrary: fc.constantFrom<unknown>(...real.bookings) }, made) : made
  const json = fc.oneof(
    { weight: 3, arbitrary: whole },
    { weight: 4, arbitrary: whole.chain((value) => varied(value, body ?? {}, description.schemas)) },
    { weight: 3, arbitrary: whole.chain(mutated) },
  )
  return fc.oneof(
    { weight: 30, arbitrary: json.map((value) => JSON.stringify(value) ?? 'null') },
    { weight: 1, arbitrary: json.map((value) => (JSON.stringify(value) ?? '').slice(0, -1)) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
    { weight: 1, arbitrary: fc.constantFrom('', '{', '[]', 'null', '"', '{"a":1}'.repeat(50_000), '['.repeat(30_000)) },
    { weight: 1, arbitrary: fc.constant(null) },
  )
}

/** Lone surrogates cannot be written in a URL. */
function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed())
}

/** Bytes that a header cannot hold never leave a client. */
function headerSafe(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '')
}

/** Sends a request as it is: fetch would mend it. */
async function send(url: string, { method, path, headers, body }: FuzzRequest): Promise<ReceivedAnswer> {
  const length = body === null ? {} : { 'content-length': `${Buffer.byteLength(body)}` }
  const request = httpRequest(`${url}${path}`, { method, headers: { ...headers, ...length } })
  request.on('error', () => {})
  request.end(body ?? undefined)
  const [response] = await once(request, 'response')
  const chunks = await Array.fromAsync<Buffer>(response)
  return {
    status: Number(response.statusCode),
    contentType: String(response.headers['content-type'] ?? ''),
    text: Buffer.concat(chunks).toString(),
  }
}

/** What comes back for these bytes before the connection closes. */
async function speak(url: string, bytes: string): Promise<string> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  socket.on('error', () => {})
  socket.end(bytes)
  let text = ''
  socket.setEncoding('utf8').on('data', (chunk) => {
    text += chunk
  })
  await once(socket, 'close')
  return text
}
