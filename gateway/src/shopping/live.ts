import type { Connector, OfferRef } from '../airlines/connector.ts'
import { FanfareError } from '../errors.ts'
import type { BaggageOptions } from '../schemas/baggage.ts'
import type { PricedOffer } from '../schemas/offer.ts'
import type { SeatMap } from '../schemas/seat-map.ts'
import { type Calls, createCalls } from './calls.ts'

/**
 * What an airline says of an offer right now, never from a cache. Callers who ask the same at the same time share one
 * call. Each throws what the connector throws, AirlineError timeout once `waiting` aborts, and FanfareError
 * invalid_offer where no such airline is connected.
 */
export interface LiveReads {
  price(ref: OfferRef, waiting: AbortSignal): Promise<PricedOffer>
  seatMaps(ref: OfferRef, waiting: AbortSignal): Promise<SeatMap[]>
  baggage(ref: OfferRef, waiting: AbortSignal): Promise<BaggageOptions>
  /** Something was sold or given back: reads that began before are not shared with whoever asks from now on. */
  touched(): void
  /** Ends every call. */
  close(): void
}

interface AirlineReads {
  connector: Connector
  price: Calls<PricedOffer>
  seatMaps: Calls<SeatMap[]>
  baggage: Calls<BaggageOptions>
}

/** How long one read may take, in milliseconds, whatever its callers wait. */
const defaultTimeoutMs = 10_000

/** Opens live reads from every airline. */
export function createLiveReads(
  connectors: ReadonlyMap<string, Connector>,
  { timeoutMs = defaultTimeoutMs }: { timeoutMs?: number } = {},
): LiveReads {
  const airlines = new Map<string, AirlineReads>()
  for (const [airline, connector] of connectors) {
    const bounds = { airline, timeoutMs, maxBackground: 0 }
    airlines.set(airline, {
      connector,
      price: createCalls(bounds),
      seatMaps: createCalls(bounds),
      baggage: createCalls(bounds),
    })
  }
  const everyCall = () => [...airlines.values()].flatMap(({ price, seatMaps, baggage }) => [price, seatMaps, baggage])

  function readsOf(ref: OfferRef): AirlineReads {
    const reads = airlines.get(ref.airline)
    if (!reads) throw new FanfareError('invalid_offer', `No airline named ${ref.airline} is connected`)
    return reads
  }

  return {
    async price(ref, waiting) {
      const { connector, price } = readsOf(ref)
      const { amount, currency } = ref.quotedPrice
      return price.join(`${ref.ref} ${amount}${currency}`, (signal) => connector.price(ref, signal), waiting)
    },
    async seatMaps(ref, waiting) {
      const { connector, seatMaps } = readsOf(ref)
      return seatMaps.join(ref.ref, (signal) => connector.seatMaps(ref, signal), waiting)
    },
    async baggage(ref, waiting) {
      const { connector, baggage } = readsOf(ref)
      return baggage.join(ref.ref, (signal) => connector.baggage(ref, signal), waiting)
    },
    touched() {
      for (const calls of everyCall()) calls.startAfresh()
    },
    close() {
      for (const calls of everyCall()) calls.close()
    },
  }
}
