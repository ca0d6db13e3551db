import type { SliceQuery } from '../../gateway/src/airlines/connector.ts'
import type { Offer } from '../../gateway/src/schemas/offer.ts'

/** One request to one airline. */
export interface HandRequest {
  airline: string
  method: 'GET' | 'POST'
  path: string
  headers: Record<string, string>
  body?: string
}

/** Sends a request and gives the text of its answer; throws for any status but success. */
export type Send = (request: HandRequest) => Promise<string>

/** Asks one airline for one slice. Throws where it does not answer as it should. */
export type HandSearch = (slice: SliceQuery) => Promise<Offer[]>

/** Who travels. */
export type Passengers = SliceQuery['passengers']

/** How long an airline is waited for, in milliseconds: as long as the gateway does. */
export const waitMs = 2000

/** What a body of JSON is sent with. */
export const json = { 'content-type': 'application/json' }

/** How many travel of each type. */
export function partyOf(passengers: Passengers) {
  const count = (wanted: string) => passengers.filter(({ type }) => type === wanted).length
  return { adults: count('adult'), children: count('child'), infants: count('infant') }
}

/** ISO 8601: 130 → PT2H10M, 1500 → P1DT1H. */
export function duration(minutes: number): string {
  const days = Math.floor(minutes / 1440)
  const hours = Math.floor((minutes % 1440) / 60)
  const rest = minutes % 60
  const time = `${hours > 0 ? `${hours}H` : ''}${rest > 0 ? `${rest}M` : ''}`
  return `P${days > 0 ? `${days}D` : ''}${time && `T${time}`}`
}
