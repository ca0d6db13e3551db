import { check } from './random.ts'
import type { OfferKey } from './types.ts'

const form = /^([0-9A-Z_-]{14,80})\.([A-Z0-9]{2,16})\.(\d)(\d)(\d)\.([0-9a-z]{5,8})\.([0-9a-z]{8})$/
const flightForm = /^([0-9A-Z]{2}\d{1,4})-(\d{4})(\d{2})(\d{2})-([A-Z]{3})$/

/**
 * Writes an offer id: flights (dates without hyphens) joined by `_`, brand, party, expiry in base 36 and a check that takes the
 * carrier's seed to make, e.g. `0S101-20300115-DEL.ECLASSIC.110.t3k9zz.1a2b3c4d`.
 */
export function formatOfferKey(key: OfferKey, secret: string): string {
  const flights = key.flights.map((flight) => flight.replace(/-(\d{4})-(\d{2})-(\d{2})-/, '-$1$2$3-')).join('_')
  const { adults, children, infants } = key.passengers
  const text = `${flights}.${key.brand}.${adults}${children}${infants}.${key.expiresAt.toString(36)}`
  return `${text}.${check(`${secret}/${text}`)}`
}

/** Reads an offer id; null when it is not one that `formatOfferKey` wrote with the same secret. */
export function parseOfferKey(id: string, secret: string): OfferKey | null {
  const match = form.exec(id)
  if (!match) return null
  const [, flights = '', brand = '', adults, children, infants, expiry = '', mark] = match
  if (check(`${secret}/${id.slice(0, -9)}`) !== mark) return null
  const keys = flights.split('_').map((flight) => flight.replace(flightForm, '$1-$2-$3-$4-$5'))
  return {
    flights: keys,
    brand,
    passengers: { adults: Number(adults), children: Number(children), infants: Number(infants) },
    expiresAt: Number.parseInt(expiry, 36),
  }
}
