import type { Airline } from '../../schemas/airline.ts'
import { AirlineError, type Rejection } from '../../upstream/airline-error.ts'
import {
  type Connector,
  type ConnectorFactory,
  type ConnectorOptions,
  type HeldOrder,
  type Order,
  type OrderDraft,
  readAnew,
} from '../connector.ts'
import { parseOfferId } from '../offer-id.ts'
import {
  mapBaggage,
  mapOffer,
  mapOrder,
  mapPricedOffer,
  mapRefund,
  mapRejection,
  mapSeatMaps,
  orderRequest,
  travellers,
  wireCabins,
} from './map.ts'
import {
  type Reader,
  readAvailability,
  readError,
  readOffer,
  readOfferBaggage,
  readOrder,
  readOrderList,
  readRefund,
  readSeatMaps,
} from './wire.ts'

const airline: Airline = {
  name: 'saffron',
  designator: '0S',
  title: 'Saffron Airways',
  currency: 'INR',
  dialect: 'REST JSON, camelCase, API key',
  capabilities: { hold: true, seatSelection: true, baggage: 'weight', connections: true },
}

/** Saffron Airways' line of the registry. */
export const saffron: ConnectorFactory = { airline, create }

interface Call {
  method: 'GET' | 'POST'
  /** Under /v2. */
  path: string
  body?: unknown
  signal: AbortSignal
  changes?: boolean
}

interface Refusal {
  code: string
  message: string
}

type Answer<T> = { value: T } | { refusal: Refusal }

function create({ http, key }: ConnectorOptions): Connector {
  const getHeaders = { 'x-api-key': key, accept: 'application/json' }
  const postHeaders = { ...getHeaders, 'content-type': 'application/json' }

  /** Throws unless Saffron said something that reads as its dialect; a refusal is an answer here. */
  async function ask<T>({ method, path, body, signal, changes = false }: Call, read: Reader<T>): Promise<Answer<T>> {
    const { status, body: bytes } = await http.request({
      method,
      path: `/v2${path}`,
      headers: body === undefined ? getHeaders : postHeaders,
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal,
      changes,
    })
    try {
      if (status === 200 || status === 201) return { value: read(bytes) }
      if (status >= 400) return { refusal: readError(bytes).error }
    } catch (cause) {
      throw unreadable(changes, cause)
    }
    throw unreadable(changes, new Error(`status ${status}`))
  }

  async function call<T>(request: Call, read: Reader<T>): Promise<T> {
    const answer = await ask(request, read)
    if ('refusal' in answer) throw refused(answer.refusal)
    return answer.value
  }

  async function order(draft: OrderDraft, payment: 'PAY_NOW' | 'HOLD', signal: AbortSignal): Promise<Order> {
    const body = orderRequest(draft, draftRef(draft), payment)
    const made = mapOrder(await call({ method: 'POST', path: '/orders', body, signal, changes: true }, readOrder))
    if (made.clientReference !== draft.clientReference) {
      throw unreadable(true, new Error('the order carries another client reference'))
    }
    return made
  }

  async function pay({ airlineReference, price }: HeldOrder, signal: AbortSignal): Promise<Order> {
    const path = `${orderPath(airlineReference)}/payment`
    const body = { expectedTotal: price.total.amount }
    return mapOrder(await call({ method: 'POST', path, body, signal, changes: true }, readOrder))
  }

  return {
    airline,

    async search(query, signal, recall = readAnew) {
      const body = {
        origin: query.origin,
        destination: query.destination,
        departureDate: query.departureDate,
        cabin: wireCabins[query.cabin],
        travellers: travellers(query.passengers),
      }
      const answer = await ask({ method: 'POST', path: '/availability', body, signal }, (bytes) =>
        recall([bytes], () => readAvailability(bytes).map(mapOffer)),
      )
      if ('value' in answer) return answer.value
      if (answer.refusal.code === 'AIRPORT_UNKNOWN') return []
      throw refused(answer.refusal)
    },

    async price(ref, signal) {
      const offer = await call({ method: 'GET', path: offerPath(ref.ref), signal }, readOffer)
      return mapPricedOffer(offer, ref)
    },

    async seatMaps(ref, signal) {
      return mapSeatMaps(await call({ method: 'GET', path: `${offerPath(ref.ref)}/seatmaps`, signal }, readSeatMaps))
    },

    async baggage(ref, signal) {
      return mapBaggage(await call({ method: 'GET', path: `${offerPath(ref.ref)}/baggage`, signal }, readOfferBaggage))
    },

    async hold(draft, signal) {
      const held = await order(draft, 'HOLD', signal)
      const { status, payBy } = held
      if (status === 'cancelled') throw rejected('hold_lapsed', 'the hold was given back before')
      if (status !== 'held' || payBy === null) throw unreadable(true, new Error(`a hold is ${status}`))
      return { ...held, status, payBy }
    },

    async purchase(draftOrHeld, signal) {
      const bought =
        'airlineReference' in draftOrHeld ? await pay(draftOrHeld, signal) : await order(draftOrHeld, 'PAY_NOW', signal)
      if (bought.status !== 'confirmed') throw unreadable(true, new Error(`a paid order is ${bought.status}`))
      return bought
    },

    async findOrder(clientReference, signal) {
      const path = `/orders?clientReference=${encodeURIComponent(clientReference)}`
      const { orders } = await call({ method: 'GET', path, signal }, readOrderList)
      const found = orders.find((candidate) => candidate.clientReference === clientReference)
      return found === undefined ? null : mapOrder(found)
    },

    async quoteCancellation({ airlineReference }, signal) {
      const path = `${orderPath(airlineReference)}/cancellation-quote`
      return mapRefund(await call({ method: 'POST', path, signal }, readRefund))
    },

    async cancel({ airlineReference }, signal) {
      const path = `${orderPath(airlineReference)}/cancellation`
      return mapRefund(await call({ method: 'POST', path, signal, changes: true }, readRefund))
    },
  }
}

/** Saffron's own offer id from a reference that came from a client. Throws rejected offer_not_found. */
function offerPath(ref: string): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(ref)) {
    throw rejected('offer_not_found', 'the offer id holds no reference of Saffron Airways')
  }
  return `/offers/${encodeURIComponent(ref)}`
}

function orderPath(recordLocator: string): string {
  return `/orders/${encodeURIComponent(recordLocator)}`
}

/** Saffron's own offer id of a draft's offer. Throws rejected offer_not_found. */
function draftRef({ offer }: OrderDraft): string {
  const ref = parseOfferId(offer.id)
  if (ref === null || ref.airline !== airline.name) {
    throw rejected('offer_not_found', 'the offer is not one of Saffron Airways')
  }
  return ref.ref
}

function refused({ code, message }: Refusal): AirlineError {
  return rejected(mapRejection(code), `${message} (${code})`)
}

function rejected(reason: Rejection, message: string): AirlineError {
  return new AirlineError(airline.name, 'rejected', message, { reason })
}

/** An answer that does not read as the dialect says: after a call that changes something, nobody knows what was done. */
function unreadable(changes: boolean, cause: unknown): AirlineError {
  const why = cause instanceof Error ? cause.message : String(cause)
  return new AirlineError(
    airline.name,
    changes ? 'unknown_outcome' : 'malformed',
    `Saffron Airways sent an answer that cannot be read: ${why}`,
    { cause },
  )
}
