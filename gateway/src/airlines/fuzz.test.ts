import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { schemaProblems } from '../../../tests/support/schema-check.ts'
import type { Offer } from '../schemas/offer.ts'
import { checkBaggage, checkPriced, checkSeatMaps } from '../shopping/live-sense.ts'
import { checkOffers } from '../shopping/search/offer-sense.ts'
import { AirlineError } from '../upstream/airline-error.ts'
import { createHttpClient } from '../upstream/http-client.ts'
import type { Connector, OfferRef, SliceQuery } from './connector.ts'
import { airlines } from './index.ts'

/** What an airline answers to a path that matches, as it was recorded. */
type Recording = [path: RegExp, file: string]

const recordings: Record<string, { search: Recording[]; offer: Recording[] }> = {
  saffron: {
    search: [[/availability$/, 'availability.json']],
    offer: [
      [/seatmaps$/, 'seat-maps.json'],
      [/baggage$/, 'baggage.json'],
      [/offers\/[^/]+$/, 'offer.json'],
    ],
  },
  monsoon: {
    search: [
      [/token$/, 'token.json'],
      [/search$/, 'search.json'],
    ],
    offer: [
      [/quotes$/, 'quote.json'],
      [/seats/, 'seats.json'],
      [/extras/, 'extras.json'],
    ],
  },
  banyan: {
    search: [[/AirShopping$/, 'air-shopping.xml']],
    offer: [
      [/OfferPrice$/, 'offer-price.xml'],
      [/SeatAvailability$/, 'seat-availability.xml'],
      [/ServiceList$/, 'service-list.xml'],
    ],
  },
  nilgiri: {
    search: [
      [/logon$/, 'logon.json'],
      [/fares$/, 'fares.json'],
    ],
    offer: [
      [/quote$/, 'quote.json'],
      [/seatmap$/, 'seat-maps.json'],
      [/baggage$/, 'baggage.json'],
    ],
  },
  lotus: {
    search: [
      [/searches$/, 'search-accepted.json'],
      [/page=1$/, 'search-1.json'],
      [/page=2$/, 'search-2.json'],
    ],
    offer: [
      [/cabins$/, 'cabins.json'],
      [/bags$/, 'bags.json'],
      [/offers\/[^/]+$/, 'offer.json'],
    ],
  },
}

/** The references that the recorded offers were asked for by. */
const offerRefs: Record<string, string> = {
  saffron: '0S106-20300115-DEL.ECLASSIC.211.vbblyc.imfq9011',
  monsoon: '0U2941-20300212-BOM.GOEASY.211.vbbs7c.1g5o2x2m',
  banyan: '0Z667-20300131-COK_0Z693-20300131-BLR.YBASIC.111.vbbuac.8vcfjv5v',
  nilgiri: '0N761-20300115-DEL.YVALUE.211.vbblyc.8eenvswi',
  lotus: '0L593-20300115-DEL.YVALUE.211.vbblho.px8pihyl',
}

/** A time when the recorded offers hold. */
const recordedAt = Date.parse('2030-01-01T03:00:00Z')

/** One thing done to an answer on its way. */
interface Damage {
  kind: 'cut' | 'byte' | 'number' | 'remove' | 'retype' | 'swap' | 'repeat'
  /** Where, from 0 to 1 of the answer. */
  at: number
  value: string
}

const damages: fc.Arbitrary<Damage> = fc.record({
  kind: fc.constantFrom('cut', 'byte', 'number', 'remove', 'retype', 'swap', 'repeat'),
  at: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
  value: fc.constantFrom(
    '0',
    '-1',
    '1e999',
    '99999999999999999999',
    '0.001',
    'null',
    '""',
    '[]',
    '{}',
    'true',
    '"XXX"',
    '"USD"',
    '"2030-13-45T99:99:99Z"',
    '"__proto__"',
    'NaN',
    '9',
    '"A"',
  ),
})

/** The `at`th match is replaced; as it is where there is none. */
function replaceOne(text: string, what: RegExp, at: number, by: (match: RegExpExecArray) => string): string {
  const found = [...text.matchAll(what)]
  const match = found[Math.floor(at * found.length)]
  if (!match) return text
  return text.slice(0, match.index) + by(match) + text.slice(match.index + match[0].length)
}

/** A key with its value where that is no list or object, or an element that holds text. */
const field = /"[^"\\]+":(?:"[^"]*"|-?[\d.]+|true|false|null)|<(\w+)[^<>]*>[^<>]+<\/\1>/g

function damage(text: string, { kind, at, value }: Damage): string {
  const bare = value.replaceAll('"', '')
  switch (kind) {
    case 'cut':
      return text.slice(0, Math.floor(at * text.length))
    case 'byte': {
      const place = Math.floor(at * text.length)
      return `${text.slice(0, place)}${bare.slice(0, 1)}${text.slice(place + 1)}`
    }
    case 'number':
      return replaceOne(text, /\d+(\.\d+)?/g, at, () => bare)
    case 'remove':
      return replaceOne(text, field, at, ([whole]) => (whole.startsWith('<') ? '' : '"nothing":0'))
    case 'retype':
      return replaceOne(text, field, at, ([whole]) =>
        whole.startsWith('<')
          ? whole.replace(/>[^<]*</, `>${bare.replace('<', '')}<`)
          : `${whole.slice(0, whole.indexOf(':') + 1)}${value}`,
      )
    case 'swap': {
      const values = [...text.matchAll(field)].map(([whole]) => whole)
      const other = values[Math.floor(((at * 7919) % 1) * values.length)] ?? ''
      return replaceOne(text, field, at, () => other)
    }
    case 'repeat':
      return replaceOne(text, field, at, ([whole]) => (whole.startsWith('<') ? whole + whole : `${whole},${whole}`))
  }
}

interface Scene {
  connector: Connector
  /** What is done to every answer from now on. */
  damage: Damage[]
}

async function open(name: string): Promise<Scene> {
  const factory = airlines.find(({ airline }) => airline.name === name)
  const recorded = recordings[name]
  if (!factory || !recorded) throw new Error(`${name} is not in the registry, or was not recorded`)
  const files = new Map([...recorded.search, ...recorded.offer].map(([path, file]) => [path, read(name, file)]))
  const scene: { damage: Damage[] } = { damage: [] }
  const server = createServer((request, response) => {
    request.resume()
    const text = [...files].find(([path]) => path.test(request.url ?? ''))?.[1] ?? ''
    const type = text.startsWith('<') ? 'application/xml' : 'application/json'
    response.writeHead(200, { 'content-type': type }).end(scene.damage.reduce(damage, text))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server listens on no port')
  const http = createHttpClient(name, `http://127.0.0.1:${address.port}`)
  onTestFinished(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    await http.close()
  })
  const connector = factory.create({ http, key: 'key', secret: 'secret', now: () => recordedAt })
  return Object.assign(scene, { connector })
}

function read(airline: string, file: string): string {
  return readFileSync(join(import.meta.dirname, airline, 'fixtures', file), 'utf8')
}

/** The question that the recorded answer answers, as its first offer tells. */
function queryOf({ slice, perPassenger }: Offer): SliceQuery {
  return {
    origin: slice.origin,
    destination: slice.destination,
    departureDate: slice.departingAt.slice(0, 10),
    cabin: slice.segments[0]?.cabin ?? 'economy',
    passengers: perPassenger.map(({ passengerId, type }) => ({ id: passengerId, type })),
  }
}

const anything: SliceQuery = {
  origin: 'DEL',
  destination: 'BOM',
  departureDate: '2030-01-15',
  cabin: 'economy',
  passengers: [{ id: 'p1', type: 'adult' }],
}

const patience = AbortSignal.timeout(60_000)

/** Runs of one airline: enough to find what one reader lets through, few enough for some seconds in all. */
const runs = { numRuns: 120, interruptAfterTimeLimit: 4_000 }

test.each(airlines.map(({ airline }) => airline.name))(
  '%s: who remembers its answer is asked before it is read, and is believed',
  async (name) => {
    const { connector } = await open(name)
    const [first] = await connector.search(anything, patience)
    if (!first) throw new Error(`${name} was recorded without offers`)
    const query = queryOf(first)
    const answers: Buffer[] = []
    const read = await connector.search(query, patience, (answer, readNow) => {
      answers.push(Buffer.concat(answer))
      return readNow()
    })
    expect(read).toEqual(await connector.search(query, patience))
    const own: Offer[] = []
    const given = await connector.search(query, patience, (answer) => {
      answers.push(Buffer.concat(answer))
      return own
    })
    expect(given).toBe(own)
    expect(answers[1]?.length).toBeGreaterThan(0)
    expect(answers[1]).toEqual(answers[0])
  },
)

test.each(airlines.map(({ airline }) => airline.name))(
  '%s: a damaged answer is refused or makes sense',
  async (name) => {
    const scene = await open(name)
    const { connector } = scene
    const { airline } = connector
    const [first] = await connector.search(anything, patience)
    if (!first) throw new Error(`${name} was recorded without offers`)
    const query = queryOf(first)
    const whole = await connector.search(query, patience)
    expect(() => checkOffers(airline, query, whole)).not.toThrow()
    const amount = { amount: '100.00', currency: connector.airline.currency }
    const ref: OfferRef = { airline: name, quotedPrice: amount, ref: offerRefs[name] ?? '' }
    expect(checkPriced(airline, ref, await connector.price(ref, patience)).priceChanged).toBe(true)

    let refused = 0
    const outcome = async <T>(call: () => Promise<T>): Promise<T | null> => {
      try {
        return await call()
      } catch (error) {
        if (!(error instanceof AirlineError)) throw error
        refused++
        return null
      }
    }
    await fc.assert(
      fc.asyncProperty(fc.array(damages, { minLength: 1, maxLength: 3 }), async (done) => {
        scene.damage = done
        const offers = await outcome(async () => {
          const found = await connector.search(query, patience)
          checkOffers(airline, query, found)
          return found
        })
        expect((offers ?? []).flatMap((offer) => schemaProblems('Offer', offer))).toEqual([])
        const priced = await outcome(async () => checkPriced(airline, ref, await connector.price(ref, patience)))
        expect(priced === null ? [] : schemaProblems('PricedOffer', priced)).toEqual([])
        const maps = await outcome(async () => checkSeatMaps(airline, await connector.seatMaps(ref, patience)))
        expect((maps ?? []).flatMap((map) => schemaProblems('SeatMap', map))).toEqual([])
        const bags = await outcome(async () => checkBaggage(airline, await connector.baggage(ref, patience)))
        expect(bags === null ? [] : schemaProblems('BaggageOptions', bags)).toEqual([])
      }),
      runs,
    )
    expect(refused).toBeGreaterThan(20)
  },
  60_000,
)
