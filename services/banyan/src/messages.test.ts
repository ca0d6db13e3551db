import { Refusal, type RefusalCode } from '@fanfare/kit'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { messages } from './messages/index.ts'
import { type NdcErrorCode, ndcErrors } from './ndc-fault.ts'
import { refusalFault } from './refusals.ts'
import { openTestAirline, type TestAirline } from './testing/airline.ts'
import { airShopping, cancelQuote, message } from './testing/requests.ts'

let airline: TestAirline

beforeAll(async () => {
  airline = await openTestAirline()
})
afterAll(() => airline.close())

const entity = '<!DOCTYPE a [<!ENTITY e "x">]>'
const outside = '<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
const withDoctype = (xml: string, doctype: string) => xml.replace('?>', `?>${doctype}`)

describe('every message', () => {
  it.each(messages)(
    '$name answers $answer with an Error in a 200 when it is not to be read',
    async ({ name, answer }) => {
      const root = `IATA_${name}RQ`
      const cases: [xml: string, code: string][] = [
        ['', '914'],
        ['nothing like XML', '914'],
        ['<html><body>hello</body></html>', '914'],
        [message(root, '').slice(0, -20), '914'],
        [message(root, '').replace('OffersAndOrdersMessage', 'Other'), '914'],
        [message(root, '<c:A/>').replace('OffersAndOrdersCommonTypes', 'Other'), '914'],
        [message('IATA_OrderQuoteRQ', ''), '915'],
        [message(root, '', ''), '912'],
        [message(root, ''), '912'],
        [withDoctype(message(root, ''), entity), '914'],
      ]
      for (const [xml, code] of cases) {
        const { status, text, contentType } = await airline.post(name, xml)
        expect([status, contentType, text.includes(`<${answer} `), />([^<]*)<\/Code>/.exec(text)?.[1]], xml).toEqual([
          200,
          'application/xml; charset=utf-8',
          true,
          code,
        ])
      }
    },
  )

  it.each(messages)('$name refuses a missing or wrong key in a 200', async ({ name, answer }) => {
    for (const wrong of ['', 'wrong', 'test-key-and-more']) {
      const { status, text } = await airline.post(name, message(`IATA_${name}RQ`, ''), { 'x-api-key': wrong })
      expect([status, text.includes(`<${answer} `), text.includes('>368</Code>')]).toEqual([200, true, true])
    }
  })
})

it('never reads what an entity points at', async () => {
  const xml = withDoctype(airShopping(), outside).replace('>DEL<', '>&e;<')
  const { text } = await airline.post('AirShopping', xml)
  expect(text).toContain('>914</Code>')
})

it('is not blown up by entities within entities', async () => {
  const laughs = Array.from({ length: 30 }, (_, i) => `<!ENTITY l${i + 1} "&l${i};&l${i};&l${i};&l${i};">`)
  const xml = withDoctype(airShopping(), `<!DOCTYPE a [<!ENTITY l0 "ha">${laughs.join('')}]>`).replace(
    '>DEL<',
    '>&l30;<',
  )
  const startedAt = performance.now()
  const { text } = await airline.post('AirShopping', xml)
  expect(text).toContain('>914</Code>')
  expect(performance.now() - startedAt).toBeLessThan(2_000)
})

it('keeps HTTP’s own words for a body that is too large or no XML', async () => {
  const large = await airline.post(
    'AirShopping',
    airShopping().replace('<Request>', `<Request><!--${'x'.repeat(300_000)}-->`),
  )
  expect([large.status, large.text.includes('>917</Code>')]).toEqual([413, true])
  const json = await airline.post('AirShopping', '{}', { 'content-type': 'application/json' })
  expect([json.status, json.text.includes('>914</Code>')]).toEqual([415, true])
})

it('escapes what it says back', async () => {
  const { text } = await airline.post('OrderReshop', cancelQuote('&lt;script&gt;&amp;'))
  expect(text).toContain('&lt;script&gt;&amp;')
  expect(text).not.toContain('<script>')
})

it('reads past white space, comments, CDATA and what implementers add', async () => {
  const xml = airShopping()
    .replace('>DEL<', '><!-- from --><![CDATA[ DEL ]]>\n<')
    .replace('<DistributionChain>', '<AugmentationPoint><x xmlns="urn:own"/></AugmentationPoint><DistributionChain>')
  expect((await airline.post('AirShopping', xml)).text).toBe((await airline.post('AirShopping', airShopping())).text)
})

it('has a code of its own for every refusal, and says the price that is asked now', () => {
  const refuse = (code: RefusalCode) => refusalFault(new Refusal(code, 'why')).code
  const codes: Record<RefusalCode, NdcErrorCode> = {
    unknown_airport: refuse('unknown_airport'),
    offer_not_found: refuse('offer_not_found'),
    offer_expired: refuse('offer_expired'),
    sold_out: refuse('sold_out'),
    price_changed: refuse('price_changed'),
    seat_taken: refuse('seat_taken'),
    seat_unknown: refuse('seat_unknown'),
    baggage_unknown: refuse('baggage_unknown'),
    passengers_mismatch: refuse('passengers_mismatch'),
    holds_not_offered: refuse('holds_not_offered'),
    client_reference_reused: refuse('client_reference_reused'),
    order_not_found: refuse('order_not_found'),
    hold_lapsed: refuse('hold_lapsed'),
    not_held: refuse('not_held'),
    not_cancellable: refuse('not_cancellable'),
  }
  const said = Object.values(codes)
  expect(new Set(said).size).toBe(said.length)
  expect(said.filter((code) => !(code in ndcErrors))).toEqual([])
  expect(refusalFault(new Refusal('price_changed', 'why', 123456)).message).toContain('1234.56')
})
