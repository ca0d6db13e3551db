import type { Airline } from '../../schemas/airline.ts'
import { AirlineError, type Rejection } from '../../upstream/airline-error.ts'
import type { UpstreamResponse } from '../../upstream/http-client.ts'
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
import { amountNumber } from './amount.ts'
import {
  mapBags,
  mapCabins,
  mapGivenBack,
  mapPage,
  mapPricedOffer,
  mapRejection,
  mapReservation,
  reservationRequest,
  travelParty,
  wireCabins,
} from './map.ts'
import { searchToTheEnd } from './search.ts'
import { createSigner } from './signer.ts'
import {
  beginSearchPage,
  type Reader,
  readFaults,
  readGivenBack,
  readOfferBags,
  readOfferCabins,
  readPricedOffer,
  readReservation,
  readReservationList,
  readSearchAccepted,
} from './wire.ts'

const airline: Airline = {
  name: 'lotus',
  designator: '0L',
  title: 'Lotus Air',
  currency: 'THB',
  dialect: 'REST JSON, searches that are polled page by page, HMAC-signed requests',
  capabilities: { hold: true, seatSelection: true, baggage: 'piece', connections: true },
}

/** Lotus Air's line of the registry. */
export const lotus: ConnectorFactory = { airline, create }

interface Call {
  method: 'GET' | 'POST'
  /** Under /v1. */
  path: string
  body?: unknown
  signal: AbortSignal
  changes?: boolean
}

interface Refusal {
  code: string
  detail: string
}

type Answer<T> = { value: T } | { refusal: Refusal }

function create({ http, ...access }: ConnectorOptions): Connector {
  const signer = createSigner(access)

  /** Sends signed; once more when the airline's clock is another than ours, which it says without having done anything. */
  async function send({ method, path, body, signal, changes = false }: Call): Promise<UpstreamResponse> {
    const target = `/v1${path}`
    const text = body === undefined ? '' : JSON.stringify(body)
    const once = () =>
      http.request({
        method,
        path: target,
        headers: {
          ...signer.sign(method, target, text),
          accept: 'application/json',
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: text }),
        signal,
        changes,
      })
    const response = await once()
    const lotusTime = response.status === 401 ? timeIn(response.body) : undefined
    if (lotusTime === undefined) return response
    signer.setClock(lotusTime)
    return once()
  }

  /** Throws unless Lotus Air said something that reads as its dialect; a refusal is an answer here. */
  async function ask<T>(call: Call, read: Reader<T>): Promise<Answer<T>> {
    const { changes = false } = call
    const { status, body: bytes } = await send(call)
    try {
      if (status >= 200 && status <= 202) return { value: read(bytes) }
      if (status >= 400) return { refusal: readFaults(bytes).errors[0] }
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

  async function reserve(draft: OrderDraft, settle: 'now' | 'later', signal: AbortSignal): Promise<Order> {
    const body = reservationRequest(draft, draftToken(draft), settle)
    const request: Call = { method: 'POST', path: '/reservations', body, signal, changes: true }
    const made = mapReservation(await call(request, readReservation))
    if (made.clientReference !== draft.clientReference) {
      throw unreadable(true, new Error('the reservation carries another idempotency key'))
    }
    return made
  }

  async function pay({ airlineReference, price }: HeldOrder, signal: AbortSignal): Promise<Order> {
    const path = `${reservationPath(airlineReference)}/payment`
    const body = { expectedTotal: amountNumber(price.total.amount) }
    return mapReservation(await call({ method: 'POST', path, body, signal, changes: true }, readReservation))
  }

  return {
    airline,

    async search(query, signal, recall = readAnew) {
      const body = {
        from: query.origin,
        to: query.destination,
        departOn: query.departureDate,
        cabin: wireCabins[query.cabin],
        travelParty: travelParty(query.passengers),
      }
      const begun = await ask({ method: 'POST', path: '/searches', body, signal }, readSearchAccepted)
      if ('refusal' in begun) {
        if (begun.refusal.code === 'airport-unknown') return []
        throw refused(begun.refusal)
      }
      const look = (searchId: string, page: number) =>
        call({ method: 'GET', path: `/searches/${searchId}?page=${page}`, signal }, beginSearchPage)
      const pages = await searchToTheEnd(begun.value, look, signal)
      try {
        return recall(
          pages.map(({ bytes }) => bytes),
          () => pages.flatMap((page) => mapPage(page.read())),
        )
      } catch (cause) {
        throw unreadable(false, cause)
      }
    },

    async price(ref, signal) {
      const offer = await call({ method: 'GET', path: offerPath(ref.ref), signal }, readPricedOffer)
      return mapPricedOffer(offer, ref)
    },

    async seatMaps(ref, signal) {
      return mapCabins(await call({ method: 'GET', path: `${offerPath(ref.ref)}/cabins`, signal }, readOfferCabins))
    },

    async baggage(ref, signal) {
      return mapBags(await call({ method: 'GET', path: `${offerPath(ref.ref)}/bags`, signal }, readOfferBags))
    },

    async hold(draft, signal) {
      const held = await reserve(draft, 'later', signal)
      const { status, payBy } = held
      if (status === 'cancelled') throw rejected('hold_lapsed', 'the hold was given back before')
      if (status !== 'held' || payBy === null) throw unreadable(true, new Error(`a hold is ${status}`))
      return { ...held, status, payBy }
    },

    async purchase(draftOrHeld, signal) {
      const bought =
        'airlineReference' in draftOrHeld ? await pay(draftOrHeld, signal) : await reserve(draftOrHeld, 'now', signal)
      if (bought.status !== 'confirmed') throw unreadable(true, new Error(`a paid reservation is ${bought.status}`))
      return bought
    },

    async findOrder(clientReference, signal) {
      const path = `/reservations?idempotencyKey=${encodeURIComponent(clientReference)}`
      const { reservations } = await call({ method: 'GET', path, signal }, readReservationList)
      const found = reservations.find(({ idempotencyKey }) => idempotencyKey === clientReference)
      return found === undefined ? null : mapReservation(found)
    },

    async quoteCancellation({ airlineReference }, signal) {
      const path = `${reservationPath(airlineReference)}/cancellation`
      return mapGivenBack(await call({ method: 'GET', path, signal }, readGivenBack))
    },

    async cancel({ airlineReference }, signal) {
      const path = `${reservationPath(airlineReference)}/cancellation`
      return mapGivenBack(await call({ method: 'POST', path, signal, changes: true }, readGivenBack))
    },
  }
}

/** The airline's time in a refusal of our timestamp; undefined in any other answer. */
function timeIn(bytes: Buffer): number | undefined {
  try {
    return readFaults(bytes).errors[0].lotusTime
  } catch {
    return undefined
  }
}

/** The path of an offer from a reference that came from a client. Throws rejected offer_not_found. */
function offerPath(ref: string): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(ref)) {
    throw rejected('offer_not_found', 'the offer id holds no token of Lotus Air')
  }
  return `/offers/${encodeURIComponent(ref)}`
}

function reservationPath(reservationCode: string): string {
  return `/reservations/${encodeURIComponent(reservationCode)}`
}

/** Lotus Air's own token of a draft's offer. Throws rejected offer_not_found. */
function draftToken({ offer }: OrderDraft): string {
  const ref = parseOfferId(offer.id)
  if (ref === null || ref.airline !== airline.name) {
    throw rejected('offer_not_found', 'the offer is not one of Lotus Air')
  }
  return ref.ref
}

/** A search that the airline has forgotten, for instance over a restart, may be found when it is begun again. */
function refused({ code, detail }: Refusal): AirlineError {
  if (code === 'search-not-found') return new AirlineError(airline.name, 'unavailable', `${detail} (${code})`)
  return rejected(mapRejection(code), `${detail} (${code})`)
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
    `Lotus Air sent an answer that cannot be read: ${why}`,
    { cause },
  )
}
