import type { SearchResult } from '../../../gateway/src/schemas/search.ts'
import { minor } from '../../../tests/support/money.ts'
import type { Question } from '../plan/journey-plan.ts'
import { type AskedSlice, offerFaults } from './check-offer.ts'
import { broken, faultsOf, same } from './claims.ts'

/** The slices that a question asks for: out, and back where there is a return. */
export function slicesOf({ origin, destination, departureDate, returnDate }: Question): AskedSlice[] {
  const out = { origin, destination, departureDate }
  return returnDate === null ? [out] : [out, { origin: destination, destination: origin, departureDate: returnDate }]
}

/** What is wrong with a search’s answer to this question; [] when nothing is. */
export function searchFaults(question: Question, result: SearchResult): string[] {
  return faultsOf('search', () => {
    const asked = slicesOf(question)
    const { query, slices, sources, complete } = result
    const present = new Set(sources.map(({ airline }) => airline))
    const answered = new Set(
      sources.filter(({ status }) => status === 'ok' || status === 'stale').map(({ airline }) => airline),
    )
    return [
      ...broken('search', [
        [
          'the query is the question',
          Object.entries(question).every(([field, value]) =>
            same(Object.entries(query).find(([name]) => name === field)?.[1], value),
          ),
        ],
        [
          'the slices are those asked for',
          same(
            slices.map(({ origin, destination, departureDate }) => ({ origin, destination, departureDate })),
            asked,
          ),
        ],
        [
          'each airline is one source',
          sources.length > 0 && new Set(sources.map(({ airline }) => airline)).size === sources.length,
        ],
        ['it is complete exactly when no airline is missing', complete === (answered.size === sources.length)],
      ]),
      ...slices.flatMap(({ offers }, index) => {
        const slice = asked[index]
        return slice === undefined ? [] : listFaults(offers, asked.length === 1 ? answered : present, question, slice)
      }),
    ]
  })
}

type Offers = SearchResult['slices'][number]['offers']

/** `airlines`: those that may have offers. One that answered for one of two slices alone counts as missing, and has some. */
function listFaults(offers: Offers, airlines: ReadonlySet<string>, question: Question, slice: AskedSlice): string[] {
  const ids = offers.flatMap(({ id, sameFlight }) => [id, ...sameFlight.map(({ offerId }) => offerId)])
  return [
    ...broken('search', [
      ['no offer is listed twice', new Set(ids).size === ids.length],
      [
        'the cheapest come first',
        offers.every(({ price }, index) => {
          const before = offers[index - 1]
          return !before || minor(before.price) <= minor(price)
        }),
      ],
    ]),
    ...offers.flatMap((offer) => [
      ...offerFaults(offer, question, slice),
      ...broken(offer.id, [
        ['its airline is among those that answered', airlines.has(offer.airline)],
        [
          'no other offer on its flights is cheaper',
          offer.sameFlight.every(
            ({ price }) => price.currency === offer.price.currency && minor(price) >= minor(offer.price),
          ),
        ],
      ]),
    ]),
  ]
}
