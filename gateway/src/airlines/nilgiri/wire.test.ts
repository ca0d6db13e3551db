import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import formats from 'ajv-formats'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { components } from '../../schemas/index.ts'
import { mapBaggage, mapFareSearch, mapPnr, mapQuote, mapSeatMaps } from './map.ts'
import {
  mapped,
  type Reader,
  readBaggage,
  readFareSearch,
  readLogon,
  readPnr,
  readQuote,
  readSeatMaps,
} from './wire.ts'

const fixture = (name: string) => readFileSync(join(import.meta.dirname, 'fixtures', `${name}.json`))

const ajv = new Ajv({ strict: false })
formats.default(ajv)
for (const component of components) ajv.addSchema(component)

const ref = { airline: 'nilgiri', quotedPrice: { amount: '1.00', currency: 'AED' }, ref: 'x' }

/** What an answer becomes, each part with the component of the API that it must be. */
const answers: Record<string, Reader<{ component: string; parts: unknown[] }>> = {
  'fares-connection': mapped(readFareSearch, (search) => ({ component: 'Offer', parts: mapFareSearch(search) })),
  quote: mapped(readQuote, (quote) => ({ component: 'PricedOffer', parts: [mapQuote(quote, ref)] })),
  'seat-maps': mapped(readSeatMaps, (maps) => ({ component: 'SeatMap', parts: mapSeatMaps(maps) })),
  baggage: mapped(readBaggage, (baggage) => ({ component: 'BaggageOptions', parts: [mapBaggage(baggage)] })),
  'pnr-held': mapped(readPnr, (pnr) => ({ component: 'Money', parts: Object.values(mapPnr(pnr).price) })),
}

/** read, refused, or unreadable; what our own program would be at fault for is thrown. */
function outcome(read: Reader<unknown>, body: Buffer): 'read' | 'refused' | 'unreadable' {
  try {
    return 'value' in read(body) ? 'read' : 'refused'
  } catch (error) {
    if (error instanceof TypeError || !(error instanceof Error)) throw error
    return 'unreadable'
  }
}

/** Every path to a value inside a JSON document, objects and arrays included. */
function paths(value: unknown, path: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [path]
  return [path, ...Object.entries(value).flatMap(([key, inner]) => paths(inner, [...path, key]))]
}

function replaced(value: unknown, [key, ...rest]: string[], by: unknown): unknown {
  if (key === undefined) return by
  const copy: Record<string, unknown> | unknown[] = Array.isArray(value) ? [...value] : { ...Object(value) }
  Object.assign(copy, { [key]: replaced(Object(value)[key], rest, by) })
  return copy
}

describe.each(Object.entries(answers))('%s', (name, read) => {
  const document: unknown = JSON.parse(fixture(name).toString())

  it('reads as recorded, with fields that nobody uses', () => {
    expect(outcome(read, fixture(name))).toBe('read')
    const more = Buffer.from(JSON.stringify({ ...Object(document), remark: [1, { two: 3 }] }))
    expect(read(more)).toEqual(read(fixture(name)))
  })

  it('is a refusal when the host says so', () => {
    for (const refusal of ['refused-quote', 'session-expired']) expect(outcome(read, fixture(refusal))).toBe('refused')
  })

  it('is unreadable when it is cut short or something else', () => {
    const whole = fixture(name).toString()
    for (const body of [
      '',
      'null',
      '[]',
      '{}',
      '{"status":"OK"}',
      '{"status":"ERR"}',
      '<html></html>',
      whole.slice(0, -1),
    ]) {
      expect(outcome(read, Buffer.from(body)), body.slice(0, 30)).toBe('unreadable')
    }
  })

  it('becomes what our API may say or is unreadable, whatever stands in for any of its values', () => {
    const strange = fc.oneof(
      fc.constantFrom(null, '', -1, 0.5, 1e300, [], {}, 'x', '31FEB30', '9999', 'ZZZ', 'Y9 Y9', '0PC'),
      fc.jsonValue(),
    )
    fc.assert(
      fc.property(fc.constantFrom(...paths(document)), strange, (path, by) => {
        const body = Buffer.from(JSON.stringify(replaced(document, path, by)))
        if (outcome(read, body) !== 'read') return
        const answer = read(body)
        if (!('value' in answer)) throw new Error('it was read before')
        const { component, parts } = answer.value
        for (const part of parts) expect(ajv.validate(`${component}#`, part) ? [] : ajv.errors).toEqual([])
      }),
      { numRuns: 400 },
    )
  })
})

it('a session is a token that a header can carry', () => {
  expect(readLogon(fixture('logon'))).toMatchObject({ value: { session: 'S1' } })
  for (const session of ['', 'a b', 'a\r\nb: c', 'é', 1]) {
    expect(outcome(readLogon, Buffer.from(JSON.stringify({ status: 'OK', session }))), String(session)).toBe(
      'unreadable',
    )
  }
})
