import type { Money } from '../../../gateway/src/schemas/money.ts'
import type { Offer, PricedOffer } from '../../../gateway/src/schemas/offer.ts'
import { minor } from '../../../tests/support/money.ts'
import type { Question } from '../plan/journey-plan.ts'
import { broken, same } from './claims.ts'

/** What an offer must be for. */
export interface AskedSlice {
  origin: string
  destination: string
  departureDate: string
}

/** The passengers of a question, as Fanfare numbers them. */
export function passengersOf({ adults, children, infants }: Pick<Question, 'adults' | 'children' | 'infants'>) {
  const types = [
    ...Array.from({ length: adults }, () => 'adult' as const),
    ...Array.from({ length: children }, () => 'child' as const),
    ...Array.from({ length: infants }, () => 'infant' as const),
  ]
  return types.map((type, index) => ({ id: `p${index + 1}`, type }))
}

/** What is wrong with an offer as an answer to this slice of the question; [] when nothing is. */
export function offerFaults(offer: Offer | PricedOffer, question: Question, asked: AskedSlice): string[] {
  const { id, airline, slice, price, basePrice, taxes, perPassenger } = offer
  const { segments } = slice
  const party = passengersOf(question)
  const shown = [price, basePrice, taxes, ...perPassenger.map((one) => one.price)]
  return broken(id, [
    ['its id carries its airline', id.startsWith(`${airline}~`)],
    ['all money is in the currency asked for', shown.every((money) => money.currency === question.currency)],
    ['all money is written as money', [...shown, offer.airlinePrice].every(isMoney)],
    ['price is base and taxes', minor(price) === minor(basePrice) + minor(taxes)],
    ['price is the passengers’ prices', minor(price) === perPassenger.reduce((sum, one) => sum + minor(one.price), 0)],
    ['something is paid', minor(price) > 0],
    [
      'the passengers are those asked for',
      same(
        perPassenger.map(({ passengerId, type }) => ({ id: passengerId, type })),
        party,
      ),
    ],
    ['it starts at the origin', slice.origin === asked.origin && segments[0]?.origin === asked.origin],
    [
      'it ends at the destination',
      slice.destination === asked.destination && segments.at(-1)?.destination === asked.destination,
    ],
    ['it leaves on the day', slice.departingAt.startsWith(asked.departureDate)],
    ['it leaves with its first flight', segments[0]?.departingAt === slice.departingAt],
    ['it arrives with its last', segments.at(-1)?.arrivingAt === slice.arrivingAt],
    ['stops are flights less one', slice.stops === segments.length - 1],
    [
      'flights follow each other',
      segments.every((next, index) => {
        const before = segments[index - 1]
        return (
          !before ||
          (before.destination === next.origin && Date.parse(before.arrivingAt) < Date.parse(next.departingAt))
        )
      }),
    ],
    [
      'flights arrive after they leave',
      segments.every((one) => Date.parse(one.departingAt) < Date.parse(one.arrivingAt)),
    ],
    ['flights are in the cabin asked for', segments.every(({ cabin }) => cabin === question.cabin)],
    [
      'its flights’ ids say number, day and origin',
      segments.every((one) => one.id === `${one.flightNumber}-${one.departingAt.slice(0, 10)}-${one.origin}`),
    ],
    ['it says until when it holds', !Number.isNaN(Date.parse(offer.expiresAt))],
  ])
}

/** Whether the amount is a decimal string with a currency. */
function isMoney({ amount, currency }: Money): boolean {
  return /^\d{1,12}(\.\d{1,3})?$/.test(amount) && /^[A-Z]{3}$/.test(currency)
}
