import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { problems, type Reply, startService, type TestService } from './testing.ts'

let service: TestService

beforeAll(async () => {
  service = await startService()
})
afterAll(() => service.close())

const question = {
  origin: 'DEL',
  destination: 'BOM',
  departureDate: '2030-01-15',
  cabin: 'ECONOMY',
  travellers: { adults: 1, children: 0, infants: 0 },
}

function expectRefusal({ status, json }: Reply, expected: number, code: string, field?: string): void {
  expect(problems('ErrorAnswer', json)).toEqual([])
  expect({ status, json }).toMatchObject({
    status: expected,
    json: { error: { code, ...(field !== undefined && { details: [{ field }] }) } },
  })
}

describe('the API key', () => {
  it.each([
    ['GET', '/v2/offers/abc'],
    ['GET', '/v2/offers/abc/seatmaps'],
    ['GET', '/v2/offers/abc/baggage'],
    ['POST', '/v2/availability'],
    ['POST', '/v2/orders'],
    ['GET', '/v2/orders?clientReference=A'],
    ['GET', '/v2/orders/ABCDEF'],
    ['POST', '/v2/orders/ABCDEF/payment'],
    ['POST', '/v2/orders/ABCDEF/cancellation-quote'],
    ['POST', '/v2/orders/ABCDEF/cancellation'],
  ] as const)('guards %s %s before anything else is looked at', async (method, path) => {
    const body = method === 'POST' ? '{"not even' : undefined
    for (const key of [null, '', 'wrong-key', 'right-ke', 'right-key-and-more', 'right-kez']) {
      expectRefusal(await service.call(method, path, body, key), 401, 'API_KEY_REJECTED')
    }
  })

  it('lets the right one in', async () => {
    expect((await service.call('POST', '/v2/availability', question)).status).toBe(200)
  })

  it('is not asked for by the description and the health', async () => {
    expect((await service.call('GET', '/health', undefined, null)).json).toMatchObject({ status: 'ok' })
    expect((await service.call('GET', '/openapi.json', undefined, null)).json).toMatchObject({ openapi: '3.1.0' })
  })
})

describe('a question that is not as described', () => {
  it.each([
    ['an unknown field', { ...question, promoCode: 'X' }, '/promoCode'],
    ['an unknown field inside', { ...question, travellers: { adults: 1, seniors: 1 } }, '/travellers/seniors'],
    ['a missing field', { ...question, origin: undefined }, '/origin'],
    ['a day that does not exist', { ...question, departureDate: '2030-02-30' }, '/departureDate'],
    ['a date with a time', { ...question, departureDate: '2030-01-15T00:00:00Z' }, '/departureDate'],
    ['a city name', { ...question, destination: 'Mumbai' }, '/destination'],
    ['a cabin in other words', { ...question, cabin: 'economy' }, '/cabin'],
    ['a number as text', { ...question, travellers: { adults: '1' } }, '/travellers/adults'],
    ['half a traveller', { ...question, travellers: { adults: 1.5 } }, '/travellers/adults'],
    ['nobody', { ...question, travellers: { adults: 0 } }, '/travellers/adults'],
    ['a list', [], ''],
    ['null', null, ''],
  ])('is refused with the field at fault: %s', async (_, body, field) => {
    expectRefusal(await service.call('POST', '/v2/availability', body), 400, 'VALIDATION_FAILED', field)
  })

  it.each([
    ['ten travellers', { adults: 6, children: 4 }, '/travellers'],
    ['more infants than adults', { adults: 1, infants: 2 }, '/travellers/infants'],
  ])('is refused: %s', async (_, travellers, field) => {
    const reply = await service.call('POST', '/v2/availability', { ...question, travellers })
    expectRefusal(reply, 400, 'TRAVELLERS_NOT_ACCEPTED', field)
  })

  it('is refused where an airport is unknown', async () => {
    const reply = await service.call('POST', '/v2/availability', { ...question, origin: 'ZZZ' })
    expectRefusal(reply, 400, 'AIRPORT_UNKNOWN')
  })

  it.each(['{"origin":', '', 'origin=DEL'])('is refused as malformed: %j', async (body) => {
    expectRefusal(await service.call('POST', '/v2/availability', body), 400, 'REQUEST_MALFORMED')
  })

  it('is refused when it is too large', async () => {
    const body = JSON.stringify({ ...question, origin: 'D'.repeat(300_000) })
    expectRefusal(await service.call('POST', '/v2/availability', body), 413, 'REQUEST_TOO_LARGE')
  })

  it.each([
    ['/v2/nothing', 404, 'RESOURCE_NOT_FOUND'],
    ['/', 404, 'RESOURCE_NOT_FOUND'],
    ['/v2/offers/%zz', 400, 'REQUEST_MALFORMED'],
    [`/v2/offers/${'a'.repeat(101)}`, 414, 'URI_TOO_LONG'],
    ['/v2/offers/a%20b', 400, 'VALIDATION_FAILED'],
    ['/v2/orders', 400, 'VALIDATION_FAILED'],
    ['/v2/orders/abc', 400, 'VALIDATION_FAILED'],
    ['/v2/orders?clientReference=A&page=2', 400, 'VALIDATION_FAILED'],
  ])('is refused in the same shape at %s', async (path, status, code) => {
    expectRefusal(await service.call('GET', path), status, code)
  })
})
