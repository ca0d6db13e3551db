import { afterAll, beforeAll, expect, it } from 'vitest'
import type { SearchPage } from './schemas/searches.ts'
import { startService, type TestService } from './testing.ts'

let service: TestService

beforeAll(async () => {
  service = await startService()
})
afterAll(() => service.close())

interface Description {
  paths: Record<string, Record<string, { security?: unknown[]; parameters?: { name: string; example: unknown }[] }>>
  components: { schemas: Record<string, { examples?: unknown[] }>; securitySchemes: Record<string, { name: string }> }
  security: unknown[]
}

async function described(path: string): Promise<Description> {
  return JSON.parse((await service.plain(path)).text)
}

const bodyOf = ({ components }: Description, component: string) => components.schemas[component]?.examples?.[0]
const parameterOf = ({ paths }: Description, path: string, name: string) =>
  paths[path]?.get?.parameters?.find((parameter) => parameter.name === name)?.example

it.each([
  ['as the service starts', 0],
  ['forty days later', 40],
])('every example can be sent as it stands, once signed, %s', async (_, days) => {
  service.system.clock.advance(days * 86_400_000)
  const description = await described('/docs/json')
  const begun = await service.call('POST', '/v1/searches', bodyOf(description, 'SearchRequest'))
  expect(begun.status).toBe(202)

  const searchId = parameterOf(description, '/v1/searches/{searchId}', 'searchId')
  let page: SearchPage
  do {
    const seen = await service.call('GET', `/v1/searches/${searchId}?page=1`)
    expect(seen.status).toBe(200)
    page = JSON.parse(seen.text)
  } while (!page.ready)
  expect(page.solutions.length).toBeGreaterThan(0)

  const offerToken = parameterOf(description, '/v1/offers/{offerToken}', 'offerToken')
  for (const path of ['', '/cabins', '/bags']) {
    expect((await service.call('GET', `/v1/offers/${offerToken}${path}`)).status).toBe(200)
  }

  const made = await service.call('POST', '/v1/reservations', bodyOf(description, 'ReservationRequest'))
  expect(made).toMatchObject({ status: 201, json: { state: 'on-hold', seats: [{}], bags: [{}] } })
  const key = parameterOf(description, '/v1/reservations', 'idempotencyKey')
  expect((await service.call('GET', `/v1/reservations?idempotencyKey=${key}`)).json).toEqual({
    reservations: [made.json],
  })
  const path = `/v1/reservations/${JSON.parse(made.text).reservationCode}/payment`
  expect((await service.call('POST', path, bodyOf(description, 'PaymentRequest'))).status).toBe(200)
})

it('is described as it is: every call but that of the clock is signed with all four headers', async () => {
  const { paths, components, security } = await described('/openapi.json')
  expect(Object.values(components.securitySchemes).map(({ name }) => name)).toEqual([
    'X-Lotus-Key',
    'X-Lotus-Timestamp',
    'X-Lotus-Nonce',
    'X-Lotus-Signature',
  ])
  expect(security).toEqual([{ key: [], timestamp: [], nonce: [], signature: [] }])
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.values(methods).map((operation) => ({ path, ...operation })),
  )
  expect(operations).toHaveLength(12)
  expect(operations.filter((operation) => operation.security).map(({ path }) => path)).toEqual(['/v1/time'])
})
