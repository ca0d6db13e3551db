import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import formats from 'ajv-formats'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { components } from '../../schemas/index.ts'
import { AirlineError } from '../../upstream/airline-error.ts'
import { mapBaggage, mapOffers, mapOrder, mapQuote, mapSeatMaps } from './map.ts'
import { readBooking, readExtras, readFlightResults, readQuote, readSeatCharts } from './wire.ts'

const fixture = (name: string) => readFileSync(join(import.meta.dirname, 'fixtures', `${name}.json`))

const ajv = new Ajv({ strict: false })
formats.default(ajv)
for (const component of components) ajv.addSchema(component)

/** What a reply becomes, each part with the component of the API that it must be. */
const replies: Record<string, (body: Buffer) => { component: string; parts: unknown[] }> = {
  search: (body) => ({ component: 'Offer', parts: mapOffers(readFlightResults(body)) }),
  quote: (body) => ({
    component: 'PricedOffer',
    parts: [mapQuote(readQuote(body), { amount: '1.00', currency: 'INR' })],
  }),
  seats: (body) => ({ component: 'SeatMap', parts: mapSeatMaps(readSeatCharts(body)) }),
  extras: (body) => ({ component: 'BaggageOptions', parts: [mapBaggage(readExtras(body))] }),
  booking: (body) => ({ component: 'Money', parts: Object.values(mapOrder(readBooking(body)).price) }),
}

function kindOf(read: () => unknown): string {
  try {
    read()
    return 'read'
  } catch (error) {
    return error instanceof AirlineError ? error.kind : `threw ${error}`
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

describe.each(Object.entries(replies))('a reply to %s', (name, read) => {
  const document: unknown = JSON.parse(fixture(name).toString())

  it('reads as recorded, with fields that nobody uses', () => {
    expect(kindOf(() => read(fixture(name)))).toBe('read')
    const more = Buffer.from(JSON.stringify({ ...Object(document), new_field: [1, { two: 3 }] }))
    expect(read(more)).toEqual(read(fixture(name)))
  })

  it('is malformed when it is cut short or is something else', () => {
    const text = fixture(name).toString()
    for (const body of [
      '',
      'null',
      '[]',
      '"text"',
      '{}',
      '<html><body>Sorry</body></html>',
      text.trim().slice(0, -1),
    ]) {
      expect(
        kindOf(() => read(Buffer.from(body))),
        body.slice(0, 30),
      ).toBe('malformed')
    }
  })

  it('becomes what our API may say or is malformed, whatever stands in for any of its values', () => {
    const strange = fc.oneof(
      fc.constantFrom(null, '', -1, 0.5, 1e300, [], {}, 'x', '2030-99-99T99:99:99Z'),
      fc.jsonValue(),
    )
    fc.assert(
      fc.property(fc.constantFrom(...paths(document)), strange, (path, by) => {
        const body = Buffer.from(JSON.stringify(replaced(document, path, by)))
        const kind = kindOf(() => {
          const { component, parts } = read(body)
          for (const part of parts) expect(ajv.validate(`${component}#`, part) ? [] : ajv.errors).toEqual([])
        })
        expect(['read', 'malformed']).toContain(kind)
      }),
      { numRuns: 300 },
    )
  })
})

it('a local time that is no zone’s is malformed', () => {
  const text = fixture('search').toString()
  for (const local of ['2030-02-13T20:05:00', '2030-02-12T14:35:01', '2030-02-12T99:05:00']) {
    const body = Buffer.from(text.replaceAll('2030-02-12T20:05:00', local))
    expect(
      kindOf(() => readFlightResults(body)),
      local,
    ).toBe('malformed')
  }
})

it('an instant that no calendar has is malformed', () => {
  const text = fixture('quote').toString()
  for (const until of ['2030-02-30T05:50:00Z', '2030-13-01T05:50:00Z', '2030-01-01T24:00:00Z', '2030-01-01T05:50Z']) {
    const body = Buffer.from(text.replace('2030-01-01T05:50:00Z', until))
    expect(
      kindOf(() => readQuote(body)),
      until,
    ).toBe('malformed')
  }
})

it('money in another currency is malformed', () => {
  const body = Buffer.from(fixture('quote').toString().replace('"INR"', '"USD"'))
  expect(kindOf(() => readQuote(body))).toBe('malformed')
})

it('a reply to a call that changed something leaves the outcome unknown', () => {
  expect(kindOf(() => readBooking(Buffer.from('{}'), true))).toBe('unknown_outcome')
  expect(kindOf(() => readBooking(Buffer.from('<html>'), true))).toBe('unknown_outcome')
})
