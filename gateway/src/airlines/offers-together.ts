import type { PricedOffer } from '../schemas/offer.ts'

/** Whom an offer is for, e.g. `p1 adult, p2 child`. */
export function partyOf({ perPassenger }: PricedOffer): string {
  return perPassenger.map(({ passengerId, type }) => `${passengerId} ${type}`).join(', ')
}

/**
 * Why offers do not go together, for a person to read: they are for different passengers, or one departs before another
 * arrives. null when they do.
 */
export function conflictOf(offers: readonly PricedOffer[]): string | null {
  if (new Set(offers.map(partyOf)).size > 1) {
    return 'The offers are for different passengers. Search for all slices with the same passengers.'
  }
  const slices = offers
    .map(({ slice }) => ({ slice, from: Date.parse(slice.departingAt), until: Date.parse(slice.arrivingAt) }))
    .sort((a, b) => a.from - b.from)
  for (const [index, { slice, from }] of slices.entries()) {
    const before = slices[index - 1]
    if (before === undefined || from >= before.until) continue
    return `${slice.origin}–${slice.destination} departs at ${slice.departingAt}, before ${before.slice.origin}–${before.slice.destination} arrives at ${before.slice.arrivingAt}.`
  }
  return null
}
