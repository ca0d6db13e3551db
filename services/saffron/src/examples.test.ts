import { afterAll, beforeAll, expect, it } from 'vitest'
import { startService, type TestService } from './testing.ts'

let service: TestService

beforeAll(async () => {
  service = await startService()
})
afterAll(() => service.close())

interface Description {
  paths: Record<string, Record<string, { parameters?: { name: string; example: string }[] }>>
  components: { schemas: Record<string, { examples?: unknown[] }> }
}

async function described(path: string): Promise<Description> {
  return JSON.parse((await service.call('GET', path, undefined, null)).text)
}

const bodyOf = ({ components }: Description, component: string) => components.schemas[component]?.examples?.[0]
const parameterOf = ({ paths }: Description, path: string, name: string) =>
  paths[path]?.get?.parameters?.find((parameter) => parameter.name === name)?.example

it.each([
  ['as the service starts', 0],
  ['forty days later', 40],
])('every example can be sent as it stands, %s', async (_, days) => {
  service.system.clock.advance(days * 86_400_000)
  const description = await described('/docs/json')
  const found = await service.call('POST', '/v2/availability', bodyOf(description, 'AvailabilityRequest'))
  expect(found.status).toBe(200)
  expect(JSON.parse(found.text).journeys.length).toBeGreaterThan(0)

  const offerId = parameterOf(description, '/v2/offers/{offerId}', 'offerId')
  for (const path of ['', '/seatmaps', '/baggage']) {
    expect((await service.call('GET', `/v2/offers/${offerId}${path}`)).status).toBe(200)
  }

  const order = await service.call('POST', '/v2/orders', bodyOf(description, 'OrderRequest'))
  expect(order).toMatchObject({ status: 201, json: { status: 'HELD', seats: [{}], baggage: [{}] } })
  const reference = parameterOf(description, '/v2/orders', 'clientReference')
  expect((await service.call('GET', `/v2/orders?clientReference=${reference}`)).json).toEqual({ orders: [order.json] })
  const { recordLocator } = JSON.parse(order.text)
  const payment = bodyOf(description, 'PaymentRequest')
  expect((await service.call('POST', `/v2/orders/${recordLocator}/payment`, payment)).status).toBe(200)
})

it('is the same description in Swagger UI and under /openapi.json', async () => {
  expect(await described('/docs/json')).toEqual(await described('/openapi.json'))
})

it('names its default key in every operation', async () => {
  const { paths } = await described('/openapi.json')
  const operations = Object.values(paths).flatMap((path) => Object.values(path))
  expect(operations).toHaveLength(10)
  for (const { parameters } of operations) {
    expect(parameters?.find(({ name }) => name === 'x-api-key')?.example).toBe('fanfare')
  }
})
