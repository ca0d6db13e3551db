import { setMaxListeners } from 'node:events'
import type { OfferRef } from '../../airlines/connector.ts'
import { parseOfferId } from '../../airlines/offer-id.ts'
import { conflictOf } from '../../airlines/offers-together.ts'
import { FanfareError } from '../../errors.ts'
import { convert, isKnownCurrency } from '../../money/money.ts'
import { totalsOf } from '../../money/totals.ts'
import type { BaggageOptions } from '../../schemas/baggage.ts'
import type { Itinerary } from '../../schemas/itinerary.ts'
import type { PricedOffer } from '../../schemas/offer.ts'
import type { SeatMap } from '../../schemas/seat-map.ts'
import { ClientLeft, patient, type Wait } from '../../upstream/wait.ts'
import { toFailure } from '../failure.ts'
import type { LiveReads } from '../live.ts'
import { checkFlights } from '../live-sense.ts'
import { offerIn } from '../offer-currency.ts'
import { type SourcePart, toSource } from '../sources.ts'
import type { WorkBound } from '../work-bound.ts'
import type { Extra, Extras } from './extras.ts'

/** What to put together. */
export interface ItineraryRequest {
  /** One to six, one per slice. */
  offerIds: readonly string[]
  /** ISO 4217 code that prices are shown in. */
  currency: string
  /** As long as is configured unless given. */
  wait?: Wait
}

/** What itineraries stand on. */
export interface ItinerariesOptions {
  /** Whether an airline of this name is connected. */
  isConnected: (airline: string) => boolean
  live: Pick<LiveReads, 'price'>
  extras: Pick<Extras, 'seatMaps' | 'baggage'>
  bound: WorkBound
  /** Milliseconds, where the client says nothing else. */
  deadlineMs: number
  /** The world's time, milliseconds since the epoch. */
  now: () => number
}

/** What was asked of one airline about one offer, answered or not; `value` null: it could not say. */
interface Answered<T> {
  airline: string
  value: T | null
  source: SourcePart
}

/**
 * Prices offers live and merges their seat maps and baggage. The function throws FanfareError invalid_offer,
 * unknown_currency, offers_conflict, offer_expired and overloaded, ClientLeft, and AirlineError where a price cannot be had.
 */
export function createItineraries(options: ItinerariesOptions) {
  const { isConnected, live, extras, bound, now } = options

  return async function itinerary({ offerIds, currency, wait = patient }: ItineraryRequest): Promise<Itinerary> {
    if (!isKnownCurrency(currency)) {
      throw new FanfareError('unknown_currency', `There is no exchange rate for ${currency}`)
    }
    const refs = readOfferIds(offerIds, isConnected)
    const done = bound.begin()
    const startedAt = performance.now()
    const waiting = new AbortController()
    setMaxListeners(0, waiting.signal)
    const waitMs = Math.max(0, (wait.deadlineMs ?? options.deadlineMs) - wait.passedMs)
    const deadline = setTimeout(() => waiting.abort(), waitMs)
    const leave = () => waiting.abort(new ClientLeft())
    if (wait.left?.aborted) leave()
    else wait.left?.addEventListener('abort', leave, { once: true })
    const waited = () => Math.round(performance.now() - startedAt)

    async function price(ref: OfferRef): Promise<Answered<PricedOffer> & { value: PricedOffer }> {
      const value = await live.price(ref, waiting.signal)
      return {
        airline: ref.airline,
        value,
        source: { ...answered, cache: 'miss', durationMs: waited(), offerCount: 1 },
      }
    }

    async function extra<T>({ airline }: OfferRef, reading: Promise<Extra<T>>): Promise<Answered<T>> {
      try {
        const { value, cache, ageMs } = await reading
        return { airline, value, source: { ...answered, cache, ageMs, durationMs: waited() } }
      } catch (error) {
        return { airline, value: null, source: { ...answered, ...toFailure(airline, error), durationMs: waited() } }
      }
    }

    try {
      const [priced, seatMaps, baggage] = await Promise.all([
        Promise.all(refs.map(price)),
        Promise.all(refs.map((ref) => extra(ref, extras.seatMaps(ref, waiting.signal)))),
        Promise.all(refs.map((ref) => extra(ref, extras.baggage(ref, waiting.signal)))),
      ])
      const offers = priced.map(({ value }) => value)
      offers.forEach((offer, index) => {
        holdToFlights(seatMaps[index], offer, (maps) => maps.map(({ segmentId }) => segmentId))
        holdToFlights(baggage[index], offer, flightsOfBaggage)
      })
      const conflict = conflictOf(offers)
      if (conflict !== null) throw new FanfareError('offers_conflict', conflict)
      const expiresAt = Math.min(...offers.map((offer) => Date.parse(offer.expiresAt)))
      if (!(expiresAt > now())) throw new FanfareError('offer_expired', 'An offer has expired; search again')
      const airlines = [...new Set(refs.map(({ airline }) => airline))]
      const sources = airlines.flatMap((airline) => [
        toSource(airline, 'price', partsOf(airline, priced)),
        toSource(airline, 'seat_maps', partsOf(airline, seatMaps)),
        toSource(airline, 'baggage', partsOf(airline, baggage)),
      ])
      return {
        offers: offers.map((offer) => offerIn(offer, currency)),
        priceChanged: offers.some(({ priceChanged }) => priceChanged),
        total: totalsOf({ offers, seats: [], baggage: [] }, currency).total,
        seatMaps: mergeSeatMaps(seatMaps, currency),
        baggage: mergeBaggage(baggage, currency),
        sources,
        complete: sources.every(({ status }) => status === 'ok'),
        expiresAt: new Date(expiresAt).toISOString(),
      }
    } catch (error) {
      throw wait.left?.aborted ? new ClientLeft() : error
    } finally {
      done()
      clearTimeout(deadline)
      wait.left?.removeEventListener('abort', leave)
      // Without a price there is no itinerary: nothing else is waited for.
      waiting.abort()
    }
  }
}

/** A source part of which nothing is known yet but that all went well. */
const answered: SourcePart = {
  status: 'ok',
  cache: 'miss',
  ageMs: 0,
  durationMs: 0,
  offerCount: 0,
  reason: null,
  detail: null,
}

function readOfferIds(offerIds: readonly string[], isConnected: (airline: string) => boolean): OfferRef[] {
  const refs = offerIds.map((id, index) => {
    const ref = parseOfferId(id)
    if (ref && isConnected(ref.airline)) return ref
    throw new FanfareError('invalid_offer', 'An offer id was not made by Fanfare, or was changed', {
      errors: [{ path: `/offerId/${index}`, message: 'is not an offer id' }],
    })
  })
  if (new Set(refs.map(({ airline, ref }) => `${airline} ${ref}`)).size < refs.length) {
    throw new FanfareError('offers_conflict', 'An offer is named twice')
  }
  return refs
}

/** Takes away what is not of the offer's flights: it is another offer's, and its prices are not for this one. */
function holdToFlights<T>(
  answer: Answered<T> | undefined,
  offer: PricedOffer,
  flightsOf: (value: T) => string[],
): void {
  if (!answer || answer.value === null) return
  try {
    checkFlights(answer.airline, flightsOf(answer.value), offer)
  } catch (error) {
    answer.value = null
    answer.source = { ...answer.source, ...toFailure(answer.airline, error) }
  }
}

function flightsOfBaggage({ included, purchasable }: BaggageOptions): string[] {
  return [...included, ...purchasable].flatMap(({ segmentIds }) => segmentIds)
}

function partsOf(airline: string, answers: readonly Answered<unknown>[]): SourcePart[] {
  return answers.filter((answer) => answer.airline === airline).map(({ source }) => source)
}

/** Those of every flight that an airline could show; null when none could. */
function mergeSeatMaps(answers: readonly Answered<SeatMap[]>[], currency: string): SeatMap[] | null {
  const known = answers.flatMap(({ value }) => (value === null ? [] : [value]))
  return known.length === 0 ? null : known.flat().map((map) => seatMapIn(map, currency))
}

function seatMapIn(map: SeatMap, currency: string): SeatMap {
  const cabins = map.cabins.map((cabin) => ({
    ...cabin,
    rows: cabin.rows.map((row) => ({
      ...row,
      seats: row.seats.map((seat) => (seat?.price ? { ...seat, price: convert(seat.price, currency) } : seat)),
    })),
  }))
  return { ...map, cabins }
}

/** That of every airline that could say; null when none could. */
function mergeBaggage(answers: readonly Answered<BaggageOptions>[], currency: string): BaggageOptions | null {
  const known = answers.flatMap(({ value }) => value ?? [])
  if (known.length === 0) return null
  return {
    included: known.flatMap(({ included }) => included),
    purchasable: known.flatMap(({ purchasable }) =>
      purchasable.map((service) => ({ ...service, price: convert(service.price, currency) })),
    ),
  }
}
