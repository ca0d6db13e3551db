import type { Itinerary } from '../../../gateway/src/schemas/itinerary.ts'
import type { Offer } from '../../../gateway/src/schemas/offer.ts'
import { minor } from '../../../tests/support/money.ts'
import type { Question } from '../plan/journey-plan.ts'
import { offerFaults } from './check-offer.ts'
import { slicesOf } from './check-search.ts'
import { broken, faultsOf, same } from './claims.ts'

/** What is wrong with the itinerary of offers that a search showed, in the order asked for; [] when nothing is. */
export function itineraryFaults(question: Question, quoted: readonly Offer[], itinerary: Itinerary): string[] {
  return faultsOf('itinerary', () => {
    const { offers, total, priceChanged, seatMaps, baggage, sources, complete } = itinerary
    const slices = slicesOf(question)
    const segmentIds = new Set(offers.flatMap(({ slice }) => slice.segments.map(({ id }) => id)))
    const isKnown = (id: string) => segmentIds.has(id)
    const party = new Set(offers[0]?.perPassenger.map(({ passengerId }) => passengerId))
    return [
      ...broken('itinerary', [
        [
          'its offers are those asked for, in that order',
          same(
            offers.map(({ id }) => id),
            quoted.map(({ id }) => id),
          ),
        ],
        [
          'the total is the sum of the offers',
          minor(total) === offers.reduce((sum, { price }) => sum + minor(price), 0),
        ],
        ['the total is in the currency asked for', total.currency === question.currency],
        ['priceChanged says whether a price moved', priceChanged === offers.some((offer) => offer.priceChanged)],
        [
          'it is complete exactly when every source answered',
          complete === sources.every(({ status }) => status === 'ok' || status === 'stale'),
        ],
        ['every seat map is of one of its flights', (seatMaps ?? []).every(({ segmentId }) => isKnown(segmentId))],
        ['a complete one has seat maps and baggage', !complete || (seatMaps !== null && baggage !== null)],
        [
          'every row has a place for each column',
          (seatMaps ?? []).every(({ cabins }) =>
            cabins.every(({ columns, rows }) =>
              rows.every(({ seats }) => seats.length === columns.filter((one) => one !== null).length),
            ),
          ),
        ],
        [
          'baggage is for its flights and passengers',
          [...(baggage?.included ?? []), ...(baggage?.purchasable ?? [])].every(
            (one) => one.segmentIds.every(isKnown) && one.passengerIds.every((id) => party.has(id)),
          ),
        ],
      ]),
      ...offers.flatMap((offer, index) => {
        const before = quoted[index]
        const slice = slices[index]
        if (!before || !slice) return []
        return [
          ...offerFaults(offer, question, slice),
          ...broken(offer.id, [
            ['the flights are those of the search', same(offer.slice, before.slice)],
            ['quotedPrice is what the search quoted', same(offer.quotedPrice, before.airlinePrice)],
            ['priceChanged says whether it moved', offer.priceChanged === !same(offer.airlinePrice, offer.quotedPrice)],
          ]),
        ]
      }),
    ]
  })
}
