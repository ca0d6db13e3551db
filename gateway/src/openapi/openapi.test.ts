import { Ajv } from 'ajv'
import addFormats from 'ajv-formats'
import { afterEach, describe, expect, test } from 'vitest'
import { buildTestApp } from '../../../tests/support/gateway-app.ts'
import type { Connector } from '../airlines/connector.ts'
import { airlines } from '../airlines/index.ts'
import type { Airline } from '../schemas/airline.ts'
import { AirlineError } from '../upstream/airline-error.ts'
import { sampleTrip } from './samples.ts'

const airline: Airline = {
  name: 'alpha',
  designator: '0A',
  title: 'Alpha',
  currency: 'INR',
  dialect: 'none',
  capabilities: { hold: true, seatSelection: true, baggage: 'weight', connections: false },
}
const noon = Date.parse('2030-01-10T12:00:00Z')

const unused = async () => {
  throw new AirlineError('alpha', 'unavailable', 'alpha is away')
}
const away: Connector = {
  airline,
  search: unused,
  price: unused,
  seatMaps: unused,
  baggage: unused,
  purchase: unused,
  findOrder: unused,
  quoteCancellation: unused,
  cancel: unused,
}

/** Sells what a sample trip shows, under references of its own. */
function selling(now: number): Connector {
  const { search, itinerary } = sampleTrip({ name: 'alpha', designator: '0A' }, now)
  const id = 'alpha~4250.00INR~REAL-OFFER'
  return {
    ...away,
    search: async () => search.slices.flatMap(({ offers }) => offers).map((offer) => ({ ...offer, id })),
    async price() {
      const [offer] = itinerary.offers
      if (!offer) throw new Error('a sample has an offer')
      return { ...offer, id }
    },
    seatMaps: async () => itinerary.seatMaps ?? [],
    baggage: async () => itinerary.baggage ?? { included: [], purchasable: [] },
  }
}

interface Media {
  schema: object
  example?: unknown
  examples?: Record<string, { value: unknown }>
}
interface Described {
  components?: { schemas: Record<string, { required?: string[] }> }
  paths: Record<
    string,
    Record<
      string,
      {
        operationId?: string
        summary?: string
        description?: string
        tags?: string[]
        parameters?: (Media & {
          name: string
          required?: boolean
          description?: string
          schema: { examples?: unknown[]; enum?: unknown }
        })[]
        requestBody?: { required?: boolean; content: Record<string, Media> }
        responses: Record<string, { description: string; content?: Record<string, Media> }>
      }
    >
  >
}

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

async function serve(connector: Connector, clock = { now: noon }) {
  const app = await buildTestApp({ connectors: new Map([['alpha', connector]]), now: () => clock.now })
  closing.push(() => app.close())
  return async () => (await app.inject('/openapi.json')).json<Described>()
}

function operationsOf(document: Described) {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ name: `${method} ${path}`, path, method, operation })),
  )
}

/** Every example with the schema that it stands for. */
function examplesOf(document: Described) {
  return operationsOf(document).flatMap(({ name, operation }) => {
    const media = [
      ...Object.values(operation.requestBody?.content ?? {}),
      ...Object.values(operation.responses).flatMap(({ content }) => Object.values(content ?? {})),
    ]
    const bodies = media.flatMap(({ schema, examples = {} }) =>
      Object.values(examples).map(({ value }) => ({ name, schema, value })),
    )
    const parameters = (operation.parameters ?? []).flatMap(({ schema, example }) =>
      [...(example === undefined ? [] : [example]), ...(schema.examples ?? [])].map((value) => ({
        name,
        schema,
        value,
      })),
    )
    return [...bodies, ...parameters]
  })
}

function bookingExample(document: Described) {
  const examples = document.paths['/v1/bookings']?.post?.requestBody?.content['application/json']?.examples
  return JSON.parse(JSON.stringify(examples))
}

describe('the API description', () => {
  test.each([
    ['with airlines', selling(noon)],
    ['without', away],
  ])('has examples that fit their schemas, %s', async (_, connector) => {
    const document = await (await serve(connector))()
    const ajv = new Ajv({ strict: false, allErrors: true })
    addFormats.default(ajv)
    ajv.addSchema(JSON.parse(JSON.stringify(document).replaceAll('#/components', 'document#/components')), 'document')
    const examples = examplesOf(document)
    expect(examples.length).toBeGreaterThan(50)
    for (const { name, schema, value } of examples) {
      const validate = ajv.compile(
        JSON.parse(JSON.stringify(schema).replaceAll('#/components', 'document#/components')),
      )
      expect(validate(value) ? [] : validate.errors, `${name}: ${JSON.stringify(value).slice(0, 200)}`).toEqual([])
    }
  })

  test('leaves nothing undescribed', async () => {
    const document = await (await serve(away))()
    for (const { name, operation } of operationsOf(document)) {
      expect(operation, name).toMatchObject({
        operationId: expect.stringMatching(/^[a-z]+[A-Za-z]+$/),
        summary: expect.any(String),
        description: expect.any(String),
        tags: [expect.any(String)],
      })
      for (const { name: parameter, description, schema, example } of operation.parameters ?? []) {
        expect(description, `${name} ${parameter}`).toEqual(expect.any(String))
        if (parameter !== 'cursor')
          expect(example ?? schema.examples ?? schema.enum, `${name} ${parameter}`).toBeDefined()
      }
      for (const [status, { content = {} }] of Object.entries(operation.responses)) {
        for (const { examples } of Object.values(content)) {
          expect(Object.keys(examples ?? {}).length, `${name} ${status}`).toBeGreaterThan(0)
        }
      }
      for (const { examples } of Object.values(operation.requestBody?.content ?? {})) {
        expect(Object.keys(examples ?? {}).length, name).toBeGreaterThan(0)
      }
    }
  })

  test('requires nothing that has a default, nor a body that may be empty', async () => {
    const document = await (await serve(away))()
    const search = document.paths['/v1/search']?.get?.parameters ?? []
    expect(search.filter(({ required }) => required).map(({ name }) => name)).toEqual([
      'origin',
      'destination',
      'departureDate',
    ])
    expect(document.components?.schemas.BookingRequest?.required).toEqual([
      'offerIds',
      'passengers',
      'contact',
      'expectedTotal',
      'payment',
    ])
    const bodies = operationsOf(document).flatMap(({ operation }) => operation.requestBody ?? [])
    expect(bodies.map(({ required }) => required)).toEqual([
      ...[true, false, false],
      ...[false, true, true, true, true, false, true],
    ])
  })

  test('keeps what stands beside a reference', async () => {
    const document = await (await serve(away))()
    expect(document.components).toMatchObject({
      schemas: {
        Offer: { properties: { price: { $ref: '#/components/schemas/Money', description: expect.any(String) } } },
      },
    })
  })
})

describe('its examples', () => {
  test('are offers that an airline sells now, with a seat, a bag and the total of all three', async () => {
    const document = await (await serve(selling(noon)))()
    const { now, hold } = bookingExample(document)
    expect(now.value).toMatchObject({
      offerIds: ['alpha~4250.00INR~REAL-OFFER'],
      seats: [{ segmentId: '0A101-2030-02-09-DEL', passengerId: 'p1', designator: '14A' }],
      baggage: [{ passengerId: 'p1', quantity: 1 }],
      expectedTotal: { amount: '6400.00', currency: 'INR' },
      payment: 'now',
    })
    expect(hold.value).toEqual({ ...now.value, payment: 'hold' })
  })

  test('are made up while no airline answers, and real soon after one does', async () => {
    const clock = { now: noon }
    let connector = away
    const read = await serve(
      { ...away, search: (...args) => connector.search(...args), price: (...args) => connector.price(...args) },
      clock,
    )
    expect(bookingExample(await read()).now.value.offerIds[0]).not.toContain('REAL')
    connector = selling(noon)
    clock.now += 10_000
    expect(bookingExample(await read()).now.value.offerIds[0]).toContain('REAL')
  })

  test('stay within a minute, then are looked up again with a key of their own', async () => {
    const clock = { now: noon }
    const read = await serve(selling(noon), clock)
    const keyOf = (document: Described) => document.paths['/v1/bookings']?.post?.parameters?.[0]?.example
    const first = keyOf(await read())
    clock.now += 59_000
    expect(keyOf(await read())).toBe(first)
    clock.now += 1_000
    expect(keyOf(await read())).not.toBe(first)
  })

  test('depart in the future whenever the page is read', async () => {
    const clock = { now: Date.parse('2031-12-31T23:59:00Z') }
    const read = await serve(away, clock)
    const dateOf = (document: Described) =>
      document.paths['/v1/search']?.get?.parameters?.find(({ name }) => name === 'departureDate')?.example
    expect(dateOf(await read())).toBe('2032-01-30')
    clock.now += 60_000
    expect(dateOf(await read())).toBe('2032-01-31')
  })

  test('fill in only what a first try needs', async () => {
    const document = await (await serve(away))()
    const filledIn = (document.paths['/v1/search']?.get?.parameters ?? []).filter(
      ({ example }) => example !== undefined,
    )
    expect(filledIn.map(({ name }) => name)).toEqual(['origin', 'destination', 'departureDate'])
  })
})

describe('the pages', () => {
  test('let Swagger UI work: its own scripts, and calls to the gateway and the airlines', async () => {
    const [first] = airlines
    if (!first) throw new Error('the registry is empty')
    const { name, title } = first.airline
    const app = await buildTestApp({
      connectors: new Map([[name, { ...away, airline: first.airline }]]),
      environment: { [`${name.toUpperCase()}_URL`]: 'http://airline.test:9001/' },
    })
    closing.push(() => app.close())
    const policy = String((await app.inject('/docs')).headers['content-security-policy'])
    expect(policy).toContain("default-src 'self'")
    expect(policy).toContain("connect-src 'self' http://airline.test:9001;")
    expect(policy).not.toContain('upgrade-insecure-requests')
    expect((await app.inject('/docs/static/swagger-ui-bundle.js')).statusCode).toBe(200)
    const script = (await app.inject('/docs/static/swagger-initializer.js')).body
    expect(script).toContain('"/openapi.json"')
    expect(script).toContain('"http://airline.test:9001/openapi.json"')
    expect(script).toContain(JSON.stringify(title))
  })
})
