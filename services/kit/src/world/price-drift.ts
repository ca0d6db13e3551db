import { draw } from './random.ts'
import type { Carrier, FareBrand, Journey } from './types.ts'

/** A move smaller than this share of the fare would be lost in rounding. */
const least = 0.01

/** Prices rise more often than they fall. */
const risesShare = 0.7

/**
 * What the fare of a journey in a brand is multiplied by at `now` (milliseconds since the epoch), against what a search
 * says; 1: nothing. It follows from the seed, the offer and the span of time alone, so every look in a span sees the same.
 */
export function priceDrift(carrier: Carrier, seed: string, journey: Journey, brand: FareBrand, now: number): number {
  const drift = carrier.priceDrift
  if (!drift) return 1
  const span = Math.floor(now / (drift.minutes * 60_000))
  const flights = journey.flights.map(({ key }) => key).join('_')
  const key = `${seed}/${carrier.name}/drift/${flights}/${brand.code}/${span}`
  if (draw(key) >= drift.share) return 1
  const size = least + (drift.most - least) * draw(`${key}/size`)
  return draw(`${key}/way`) < risesShare ? 1 + size : 1 - size
}
