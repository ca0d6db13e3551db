import type { Connector, OfferRef } from '../airlines/connector.ts'
import { FanfareError } from '../errors.ts'
import type { BaggageOptions } from '../schemas/baggage.ts'
import type { PricedOffer } from '../schemas/offer.ts'
import type { SeatMap } from '../schemas/seat-map.ts'
import type { Source } from '../schemas/source.ts'
import { type Calls, createCalls } from './calls.ts'
import { checkBaggage, checkPriced, checkSeatMaps } from './live-sense.ts'
import { createMalformedWatch, type MalformedWatch, noMalformedMeter } from './malformed.ts'

/**
 * What an airline says of an offer right now, never from a cache. Callers who ask the same at the same time share one
 * call. Each throws the AirlineErrors of the connector, malformed where it answers with what makes no sense, timeout once `waiting` aborts, and FanfareError
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

const nobodyWatches = createMalformedWatch({
  log: { info() {}, warn() {}, error() {} },
  meter: noMalformedMeter,
  now: () => 0,
})

interface AirlineReads {
  connector: Connector
  price: Calls<PricedOffer>
  seatMaps: Calls<SeatMap[]>
  baggage: Calls<BaggageOptions>
}

const defaultTimeoutMs = 10_000

/** How live reads are made. */
export interface LiveReadsOptions {
  /** How long one read may take, in milliseconds, whatever its callers wait. */
  timeoutMs?: number
  /** Told of every answer that makes no sense. */
  malformed?: MalformedWatch
}

/** Opens live reads from every airline. */
export function createLiveReads(
  connectors: ReadonlyMap<string, Connector>,
  { timeoutMs = defaultTimeoutMs, malformed = nobodyWatches }: LiveReadsOptions = {},
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

  /** Whatever is thrown but AirlineError came of an answer that nobody foresaw. */
  function sound<T>({ airline }: OfferRef, operation: Source['operation'], read: (signal: AbortSignal) => Promise<T>) {
    return async (signal: AbortSignal) => {
      try {
        return await read(signal)
      } catch (error) {
        throw malformed.note(airline, operation, error)
      }
    }
  }

  return {
    async price(ref, waiting) {
      const { connector, price } = readsOf(ref)
      const { amount, currency } = ref.quotedPrice
      const read = async (signal: AbortSignal) =>
        checkPriced(connector.airline, ref, await connector.price(ref, signal))
      return price.join(`${ref.ref} ${amount}${currency}`, sound(ref, 'price', read), waiting)
    },
    async seatMaps(ref, waiting) {
      const { connector, seatMaps } = readsOf(ref)
      const read = async (signal: AbortSignal) =>
        checkSeatMaps(connector.airline, await connector.seatMaps(ref, signal))
      return seatMaps.join(ref.ref, sound(ref, 'seat_maps', read), waiting)
    },
    async baggage(ref, waiting) {
      const { connector, baggage } = readsOf(ref)
      const read = async (signal: AbortSignal) => checkBaggage(connector.airline, await connector.baggage(ref, signal))
      return baggage.join(ref.ref, sound(ref, 'baggage', read), waiting)
    },
    touched() {
      for (const calls of everyCall()) calls.startAfresh()
    },
    close() {
      for (const calls of everyCall()) calls.close()
    },
  }
}
