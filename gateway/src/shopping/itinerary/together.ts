import { FanfareError } from '../../errors.ts'
import type { PricedOffer } from '../../schemas/offer.ts'

/** Throws FanfareError offers_conflict where the offers are for different passengers, or their flights overlap in time. */
export function checkTogether(offers: readonly PricedOffer[]): void {
  if (new Set(offers.map(partyOf)).size > 1) {
    throw conflict('The offers are for different passengers; search for all slices with the same ones')
  }
  const slices = offers
    .map(({ slice }) => ({ slice, from: Date.parse(slice.departingAt), until: Date.parse(slice.arrivingAt) }))
    .sort((a, b) => a.from - b.from)
  for (const [index, { slice, from }] of slices.entries()) {
    const before = slices[index - 1]
    if (before === undefined || from >= before.until) continue
    throw conflict(
      `${slice.origin}–${slice.destination} departs at ${slice.departingAt}, before ${before.slice.origin}–${before.slice.destination} arrives at ${before.slice.arrivingAt}`,
    )
  }
}

function partyOf({ perPassenger }: PricedOffer): string {
  return perPassenger.map(({ passengerId, type }) => `${passengerId} ${type}`).join()
}

function conflict(detail: string): FanfareError {
  return new FanfareError('offers_conflict', detail)
}
