import { type Static, Type } from 'typebox'
import { Compile } from 'typebox/compile'
import { expect, it } from 'vitest'
import { Booking } from './schemas/bookings.ts'
import { FlightResults, Quote } from './schemas/flights.ts'
import { minute, openMonsoon } from './testing.ts'

const Description = Type.Object({
  paths: Type.Record(
    Type.String(),
    Type.Object({
      get: Type.Optional(
        Type.Object({
          parameters: Type.Array(Type.Object({ name: Type.String(), example: Type.Optional(Type.String()) })),
        }),
      ),
    }),
  ),
  components: Type.Object({
    schemas: Type.Record(Type.String(), Type.Object({ examples: Type.Optional(Type.Array(Type.Unknown())) })),
    securitySchemes: Type.Object({
      client: Type.Object({ flows: Type.Object({ clientCredentials: Type.Object({ tokenUrl: Type.String() }) }) }),
    }),
  }),
})
const validator = Compile(Description)

async function describe(url: string): Promise<Static<typeof Description>> {
  return validator.Parse(await (await fetch(`${url}/openapi.json`)).json())
}

it('the examples of the description work as they stand, also a day later', async () => {
  const { callWith, read, signIn, system, url } = await openMonsoon()
  for (let day = 0; day < 2; day++) {
    const { components, paths } = await describe(url)
    const call = callWith(await signIn())
    const example = (component: string) => components.schemas[component]?.examples?.[0]
    const found = read(FlightResults, 200, await call('POST', '/flights/search', example('FlightSearch')))
    expect(found.journeys.length).toBeGreaterThan(0)
    read(Quote, 200, await call('POST', '/quotes', example('QuoteRequest')))
    read(Booking, 201, await call('POST', '/bookings', example('BookingRequest')))
    for (const path of ['/flights/seats', '/extras', '/bookings']) {
      const [parameter] = paths[`/api/v1${path}`]?.get?.parameters ?? []
      expect((await call('GET', `${path}?${parameter?.name}=${parameter?.example}`)).status, path).toBe(200)
    }
    system.clock.advance(24 * 60 * minute)
  }
})

it('Swagger UI finds the token endpoint and is served what it asks for', async () => {
  const { url } = await openMonsoon()
  const { tokenUrl } = (await describe(url)).components.securitySchemes.client.flows.clientCredentials
  expect(tokenUrl).toBe(`${url}/oauth/token`)
  const token = await fetch(tokenUrl, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from('agency:s3cret+%').toString('base64')}`,
      'x-requested-with': 'XMLHttpRequest',
      origin: 'http://127.0.0.1:8080',
    },
    body: new URLSearchParams({ grant_type: 'client_credentials', scope: '' }),
  })
  expect([token.status, token.headers.get('access-control-allow-origin')]).toEqual([200, 'http://127.0.0.1:8080'])
  expect((await fetch(`${url}/docs`)).status).toBe(200)
})
