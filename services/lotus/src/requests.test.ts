import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { begin, problems, question, type Reply, startService, type TestService } from './testing.ts'

let service: TestService

beforeAll(async () => {
  service = await startService()
})
afterAll(() => service.close())

function expectRefusal({ status, json }: Reply, expected: number, code: string, at?: string): void {
  expect(problems('Faults', json)).toEqual([])
  expect({ status, json }).toMatchObject({
    status: expected,
    json: { errors: [{ code, ...(at !== undefined && { at }) }] },
  })
}

const post = (body: unknown) => service.call('POST', '/v1/searches', body)

describe('a search that is not as described', () => {
  it.each([
    ['an unknown field', { ...question, promoCode: 'X' }, '/promoCode'],
    ['an unknown field inside', { ...question, travelParty: { adults: 1, seniors: 1 } }, '/travelParty/seniors'],
    ['a field of another kind of object', `{"__proto__":{"a":1},${JSON.stringify(question).slice(1)}`, '/__proto__'],
    ['a missing field', { ...question, from: undefined }, '/from'],
    ['a day that does not exist', { ...question, departOn: '2030-02-30' }, '/departOn'],
    ['a city name', { ...question, to: 'Bangkok' }, '/to'],
    ['a cabin in other words', { ...question, cabin: 'premium_economy' }, '/cabin'],
    ['a number as text', { ...question, travelParty: { adults: '1' } }, '/travelParty/adults'],
    ['nobody', { ...question, travelParty: { adults: 0 } }, '/travelParty/adults'],
    ['a list', [], ''],
    ['null', 'null', ''],
    ['no body', '', ''],
  ])('is refused with the field at fault: %s', async (_, body, at) => {
    expectRefusal(await post(body), 400, 'request-invalid', at)
  })

  it.each([
    ['ten guests', { adults: 6, children: 4 }, '/travelParty'],
    ['more infants than adults', { adults: 1, infants: 2 }, '/travelParty/infants'],
  ])('is refused: %s', async (_, travelParty, at) => {
    expectRefusal(await post({ ...question, travelParty }), 400, 'party-not-accepted', at)
  })

  it('is refused where an airport is unknown', async () => {
    expectRefusal(await post({ ...question, from: 'ZZZ' }), 400, 'airport-unknown')
  })

  it.each(['{"from":', 'from=DEL', '{"from":"DEL"}}'])('is refused as malformed: %j', async (body) => {
    expectRefusal(await post(body), 400, 'request-malformed')
  })

  it('is refused when it is too large, or of another type', async () => {
    expectRefusal(await post(JSON.stringify({ ...question, from: 'D'.repeat(300_000) })), 413, 'request-too-large')
    for (const contentType of ['text/plain', 'application/xml', 'application/jsonp']) {
      const reply = await service.call('POST', '/v1/searches', question, { contentType })
      expectRefusal(reply, 415, 'media-type-unsupported')
    }
    const contentType = 'Application/JSON; charset=utf-8'
    expect((await service.call('POST', '/v1/searches', question, { contentType })).status).toBe(202)
  })
})

describe('a call that is not as described', () => {
  it.each([
    ['/v1/time?zone=UTC', 400, 'request-invalid'],
    ['/v1/nothing', 404, 'not-found'],
    ['/', 404, 'not-found'],
    ['/v1/offers/%zz', 400, 'request-malformed'],
    [`/v1/offers/${'a'.repeat(101)}`, 414, 'uri-too-long'],
    ['/v1/offers/a%20b', 400, 'request-invalid'],
    ['/v1/searches/s-0-0', 404, 'search-not-found'],
    ['/v1/searches/s-0-0?page=0', 400, 'request-invalid'],
    ['/v1/searches/s-0-0?page=one', 400, 'request-invalid'],
    ['/v1/searches/s-0-0?size=5', 400, 'request-invalid'],
    ['/v1/reservations', 400, 'request-invalid'],
    ['/v1/reservations/abc', 400, 'request-invalid'],
    ['/v1/reservations?idempotencyKey=A&page=2', 400, 'request-invalid'],
  ])('is refused in the same shape at %s', async (path, status, code) => {
    expectRefusal(await service.call('GET', path), status, code)
  })

  it('is refused for a page that a search does not have', async () => {
    const { searchId } = await begin(service)
    expectRefusal(await service.call('GET', `/v1/searches/${searchId}?page=99`), 404, 'page-not-found')
  })

  it('is refused with a body where none is taken', async () => {
    const reply = await service.call('POST', '/v1/reservations/ABCDEF/cancellation', { because: 'rain' })
    expectRefusal(reply, 400, 'request-invalid')
  })
})
