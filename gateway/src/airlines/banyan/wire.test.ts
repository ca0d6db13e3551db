import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as wire from './wire.ts'
import { WireError } from './xml.ts'

const folder = join(import.meta.dirname, 'fixtures')
const fixture = (name: string) => readFileSync(join(folder, `${name}.xml`), 'utf8')

const readers: Record<string, wire.Reader<unknown>> = {
  IATA_AirShoppingRS: wire.readAirShopping,
  IATA_OfferPriceRS: wire.readOfferPrice,
  IATA_SeatAvailabilityRS: wire.readSeatAvailability,
  IATA_ServiceListRS: wire.readServiceList,
  IATA_OrderViewRS: wire.readOrderView,
  IATA_OrderReshopRS: wire.readCancelQuote,
}

function readerOf(xml: string): wire.Reader<unknown> {
  const reader = readers[/<(IATA_\w+)/.exec(xml)?.[1] ?? '']
  if (reader === undefined) throw new Error('no reader')
  return reader
}

/** What comes of a text: an answer, or null where it does not read. Anything but a WireError is thrown. */
function outcome(reader: wire.Reader<unknown>, xml: string): wire.Answer<unknown> | null {
  try {
    return reader(Buffer.from(xml))
  } catch (error) {
    if (error instanceof WireError) return null
    throw error
  }
}

const names = readdirSync(folder).map((file) => file.replace('.xml', ''))

describe.each(names)('%s', (name) => {
  const xml = fixture(name)
  const reader = readerOf(xml)

  it('reads as what it is: an answer or a refusal', () => {
    expect(outcome(reader, xml)).toEqual(
      name.startsWith('refused')
        ? { refusal: { code: expect.stringMatching(/^[0-9A-Z]+$/), message: expect.stringMatching(/\w/) } }
        : { value: expect.anything() },
    )
  })

  it('reads the same with white space between elements', () => {
    expect(outcome(reader, xml.replace(/></g, '>\n  <'))).toEqual(outcome(reader, xml))
  })

  it('does not read when it is cut off anywhere', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: xml.length - 1 }), (length) => {
        expect(outcome(reader, xml.slice(0, length))).toBeNull()
      }),
      { numRuns: 30 },
    )
  })

  it('reads or does not, but never breaks, whatever element is missing or says something else', () => {
    const elements = [...xml.matchAll(/<([A-Za-z_]+)(?: [^>]*)?>([^<]*)<\/\1>/g)]
    fc.assert(
      fc.property(
        fc.nat(elements.length - 1),
        fc.constantFrom('', '0', '-1', '999999999999999999', 'x', '2030-13-45T99:99:99', 'NaN', '&lt;&amp;'),
        fc.boolean(),
        (index, text, isRemoved) => {
          const match = elements[index]
          if (match === undefined) return
          const [whole, tag] = match
          const changed = isRemoved ? '' : `<${tag}>${text}</${tag}>`
          const at = match.index
          outcome(reader, xml.slice(0, at) + changed + xml.slice(at + whole.length))
        },
      ),
      { numRuns: 60 },
    )
  })

  it('does not read with text where elements should be, unless nothing is looked for there', () => {
    for (const [start, tag] of xml.matchAll(/<(\w+)(?: [^>]*)?>(?=<)(?!<\/)/g)) {
      const changed = xml.replace(new RegExp(`${start}<.*?</${tag}>`), `${start}x</${tag}>`)
      const read = outcome(reader, changed)
      if (read !== null) expect(read, tag).toEqual(outcome(reader, xml))
    }
  })

  it('does not read as another message, in another namespace, or with a document type', () => {
    const other = reader === wire.readOfferPrice ? wire.readOrderView : wire.readOfferPrice
    expect(outcome(other, xml)).toBeNull()
    expect(outcome(reader, xml.replace('OffersAndOrdersMessage', 'Other'))).toBeNull()
    expect(outcome(reader, xml.replace('?>', '?><!DOCTYPE a [<!ENTITY e "x">]>'))).toBeNull()
  })
})

describe('an offer does not read when', () => {
  const xml = fixture('offer-price')
  const price = /<TotalPrice><TotalAmount CurCode="USD">([\d.]+)</.exec(xml)?.[1] ?? ''

  it.each([
    [
      'its total is not the sum of its items',
      xml.replace(`<TotalPrice><TotalAmount CurCode="USD">${price}`, '<TotalPrice><TotalAmount CurCode="USD">1.00'),
    ],
    ['an amount is in another currency', xml.replace('CurCode="USD"', 'CurCode="EUR"')],
    ['an amount is negative', xml.replace(/(<TotalAmount CurCode="USD">)/, '$1-')],
    ['an amount has three decimals', xml.replace(/(<TotalAmount CurCode="USD">[\d.]+)/, '$15')],
    ['a passenger has no price', xml.replace('<Pax><PaxID>p2</PaxID>', '<Pax><PaxID>p9</PaxID>')],
    ['a reference leads nowhere', xml.replace('<PaxJourneyRefID>J1', '<PaxJourneyRefID>J9')],
    ['a time has an offset', xml.replace(/(<AircraftScheduledDateTime>[^<]*)/, '$1Z')],
  ])('%s', (_, changed) => {
    expect(changed).not.toBe(xml)
    expect(outcome(wire.readOfferPrice, changed)).toBeNull()
  })

  it('but an amount without a currency is in the airline’s', () => {
    expect(outcome(wire.readOfferPrice, xml.replaceAll(' CurCode="USD"', ''))).toEqual(
      outcome(wire.readOfferPrice, xml),
    )
  })
})
