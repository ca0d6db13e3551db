import type { Airline } from '../../schemas/airline.ts'
import type { Offer } from '../../schemas/offer.ts'
import { AirlineError, type Rejection } from '../../upstream/airline-error.ts'
import { usualLanes } from '../../upstream/policies/index.ts'
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
import * as map from './map.ts'
import { createSessions, SessionOver } from './sessions.ts'
import * as wire from './wire.ts'

const airline: Airline = {
  name: 'nilgiri',
  designator: '0N',
  title: 'Nilgiri',
  currency: 'AED',
  dialect: 'Reservation host: sessions, carts and terminal entries in JSON envelopes',
  capabilities: { hold: true, seatSelection: true, baggage: 'weight', connections: true },
}

/** Nilgiri's line of the registry. */
export const nilgiri: ConnectorFactory = {
  airline,
  // Each call needs a session, of which an old host gives few: see sessions.ts.
  lanes: {
    search: { ...usualLanes.search, atOnce: 12 },
    offer: { ...usualLanes.offer, atOnce: 6 },
    booking: { ...usualLanes.booking, atOnce: 6 },
  },
  create,
}

const readOffers = wire.mapped(wire.readFareSearch, map.mapFareSearch)

/** How whatever we buy is paid: an invoice to the agency. */
const formOfPayment = 'INVAGT'

interface Entry<T> {
  /** Under /host. */
  path: string
  body?: unknown
  read: wire.Reader<T>
  changes?: boolean
}

function create(options: ConnectorOptions): Connector {
  const { http, key, secret } = options
  const sessions = createSessions(options, logon)

  /** One entry. A refusal is an answer here. Throws SessionOver, or AirlineError where nobody can say what the host did. */
  async function enter<T>(
    session: string | null,
    { path, body, read, changes = false }: Entry<T>,
    signal: AbortSignal,
  ): Promise<wire.Answer<T>> {
    const response = await http.request({
      method: 'POST',
      path: `/host${path}`,
      headers: {
        accept: 'application/json',
        ...(session !== null && { 'nilgiri-session': session }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal,
      changes,
    })
    let answer: wire.Answer<T>
    try {
      answer = read(response.body)
      if ('value' in answer && response.status !== 200) throw new Error(`status ${response.status}`)
    } catch (cause) {
      throw unreadable(changes, cause)
    }
    const code = 'refusal' in answer ? answer.refusal.code : null
    if (code === 'SESSION EXPIRED' || code === 'SIGN IN') throw new SessionOver(code)
    return answer
  }

  async function logon(signal: AbortSignal): Promise<string> {
    const body = { agentSign: key, dutyCode: 'AS', password: secret }
    const answer = await enter(null, { path: '/logon', body, read: wire.readLogon }, signal)
    if ('refusal' in answer) throw refused(answer.refusal)
    return answer.value.session
  }

  /** A conversation; one whose session ends twice over has done nothing. */
  async function converse<T>(signal: AbortSignal, conversation: (session: string) => Promise<T>): Promise<T> {
    try {
      return await sessions.converse(signal, conversation)
    } catch (error) {
      if (!(error instanceof SessionOver)) throw error
      throw new AirlineError(airline.name, 'unavailable', 'nilgiri ends our sessions as soon as they begin')
    }
  }

  /** A conversation of a single entry; a refusal throws. */
  async function say<T>(entry: Entry<T>, signal: AbortSignal): Promise<T> {
    const answer = await converse(signal, (session) => enter(session, entry, signal))
    if ('refusal' in answer) throw refused(answer.refusal)
    return answer.value
  }

  /** The same for an entry that changes something: what goes wrong before it is sent has changed nothing. */
  function change<T>(entry: Omit<Entry<T>, 'changes'>, signal: AbortSignal): Promise<T> {
    return untilSent(() => say({ ...entry, changes: true }, signal), signal)
  }

  /** Fills the session's cart with a draft. Gives why that cannot be done, or null when the cart is ready to be ended. */
  async function fill(session: string, draft: OrderDraft, cart: Cart, signal: AbortSignal) {
    const sold = await enter(session, { path: '/sell', body: { quote: cart.quote }, read: wire.readSold }, signal)
    if ('refusal' in sold) return refused(sold.refusal)
    const unable = sold.value.segments.find(({ status }) => status !== 'SS')
    if (unable) return rejected('sold_out', `nilgiri answers the sell with ${unable.status}`)

    const named = await enter(session, { path: '/names', body: cart.names, read: wire.readDone }, signal)
    if ('refusal' in named) return refused(named.refusal)

    const serviced = await enter(session, { path: '/ssr', body: cart.services, read: wire.readServices }, signal)
    if ('refusal' in serviced) return refused(serviced.refusal)
    const failed = map.mapServices(serviced.value)
    if (failed) return rejected(failed.reason, `nilgiri cannot do ${failed.request}`)

    const priced = await enter(session, { path: '/price', read: wire.readPriced }, signal)
    if ('refusal' in priced) return refused(priced.refusal)
    const { total, currency } = priced.value
    if (total === draft.total.amount && currency === draft.total.currency) return null
    return rejected('price_changed', `nilgiri asks ${total} ${currency} now`)
  }

  const readOrder = wire.mapped(wire.readPnr, map.mapPnr)

  /** Drops the cart and looks whether the order is there already: its own seats may be why it was refused. */
  async function dropAndFind(session: string, reference: string, signal: AbortSignal): Promise<Order | null> {
    try {
      const ignored = await enter(session, { path: '/ignore', read: wire.readDone }, signal)
      if ('refusal' in ignored) throw refused(ignored.refusal)
      const found = await enter(session, { path: '/retrieve', body: { reference }, read: readOrder }, signal)
      if ('value' in found) return found.value
      if (found.refusal.code === 'NO PNR') return null
      throw refused(found.refusal)
    } catch (cause) {
      if (cause instanceof SessionOver) throw cause
      const why = 'nilgiri refused an order and does not say whether it has it already'
      throw new AirlineError(airline.name, 'unknown_outcome', why, { cause })
    }
  }

  /** Makes the order of a draft, or gives it again. Only the end of the transaction changes anything. */
  async function order(draft: OrderDraft, status: 'held' | 'confirmed', signal: AbortSignal): Promise<Order> {
    const cart = cartOf(draft)
    const end: Entry<Order> = {
      path: '/end',
      body: status === 'confirmed' ? { formOfPayment } : {},
      read: readOrder,
      changes: true,
    }
    const outcome = await untilSent(
      () =>
        converse(signal, async (session) => {
          let refusal = await fill(session, draft, cart, signal)
          if (refusal === null) {
            const made = await enter(session, end, signal)
            if ('value' in made) return { made: made.value }
            refusal = refused(made.refusal)
          }
          return { refusal, found: await dropAndFind(session, draft.clientReference, signal) }
        }),
      signal,
    )
    if ('refusal' in outcome) {
      if (outcome.found?.status === status) return outcome.found
      throw outcome.refusal
    }
    if (outcome.made.clientReference !== draft.clientReference) {
      throw unreadable(true, new Error('the PNR carries another reference'))
    }
    return outcome.made
  }

  return {
    airline,

    async search(query, signal, recall = readAnew) {
      const cabin = map.cabinCode(query.cabin)
      if (cabin === null) return []
      const body = map.fareSearch(query, cabin)
      const read = (bytes: Buffer): wire.Answer<Offer[]> => {
        const said: { refusal?: wire.Refusal } = {}
        const offers = recall([bytes], () => {
          const answer = readOffers(bytes)
          if ('value' in answer) return answer.value
          said.refusal = answer.refusal
          return []
        })
        return said.refusal ? { refusal: said.refusal } : { value: offers }
      }
      const answer = await converse(signal, (session) => enter(session, { path: '/fares', body, read }, signal))
      if ('value' in answer) return answer.value
      if (answer.refusal.code === 'CHECK CITY PAIR') return []
      throw refused(answer.refusal)
    },

    async price(ref, signal) {
      const read = wire.mapped(wire.readQuote, (quote) => map.mapQuote(quote, ref))
      return await say({ path: '/quote', body: { quote: quoteIn(ref.ref) }, read }, signal)
    },

    async seatMaps({ ref }, signal) {
      const read = wire.mapped(wire.readSeatMaps, map.mapSeatMaps)
      return await say({ path: '/seatmap', body: { quote: quoteIn(ref) }, read }, signal)
    },

    async baggage({ ref }, signal) {
      const read = wire.mapped(wire.readBaggage, map.mapBaggage)
      return await say({ path: '/baggage', body: { quote: quoteIn(ref) }, read }, signal)
    },

    async hold(draft, signal) {
      const held = await order(draft, 'held', signal)
      const { status, payBy } = held
      if (status === 'cancelled') throw rejected('hold_lapsed', 'the hold was given back before')
      if (status !== 'held' || payBy === null) throw unreadable(true, new Error(`a hold is ${status}`))
      return { ...held, status, payBy }
    },

    async purchase(draftOrHeld, signal) {
      const bought =
        'airlineReference' in draftOrHeld
          ? await pay(draftOrHeld, signal)
          : await order(draftOrHeld, 'confirmed', signal)
      if (bought.status !== 'confirmed') throw unreadable(true, new Error(`a paid order is ${bought.status}`))
      return bought
    },

    async findOrder(clientReference, signal) {
      const body = { reference: clientReference }
      const answer = await converse(signal, (session) =>
        enter(session, { path: '/retrieve', body, read: readOrder }, signal),
      )
      if ('value' in answer) return answer.value.clientReference === clientReference ? answer.value : null
      if (answer.refusal.code === 'NO PNR') return null
      throw refused(answer.refusal)
    },

    async quoteCancellation({ airlineReference: locator }, signal) {
      const read = wire.mapped(wire.readRefund, map.mapRefund)
      return await say({ path: '/refund', body: { locator }, read }, signal)
    },

    async cancel({ airlineReference: locator }, signal) {
      const read = wire.mapped(wire.readRefund, map.mapRefund)
      return await change({ path: '/cancel', body: { locator }, read }, signal)
    },
  }

  async function pay({ airlineReference: locator, price }: HeldOrder, signal: AbortSignal): Promise<Order> {
    const body = { locator, formOfPayment, total: price.total.amount }
    return await change({ path: '/ticket', body, read: readOrder }, signal)
  }
}

/**
 * Work that ends with an entry that changes something. What fails before that entry is sent has changed nothing, and is
 * said so: unavailable, not a lost answer to look up. A caller who gives up is not told more than that.
 */
async function untilSent<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof AirlineError) || (error.kind !== 'timeout' && error.kind !== 'malformed')) throw error
    const kind = signal.aborted ? 'unknown_outcome' : 'unavailable'
    throw new AirlineError(airline.name, kind, error.message, { cause: error })
  }
}

/** The entries that fill a cart. */
interface Cart {
  quote: string
  names: unknown
  services: unknown
}

/** Throws rejected: offer_not_found, service_unavailable, or invalid for a name in other letters. */
function cartOf(draft: OrderDraft): Cart {
  const ref = parseOfferId(draft.offer.id)
  if (ref?.airline !== airline.name) throw rejected('offer_not_found', 'the offer is not one of nilgiri’s')
  const names = map.namesEntry(draft)
  if (names === null) throw rejected('invalid', 'nilgiri writes names in the letters A to Z only')
  const services = map.servicesEntry(draft)
  if (services === null) throw rejected('service_unavailable', 'a seat or bag is not of the offer')
  return { quote: quoteIn(ref.ref), names, services }
}

/** The host's quote in a reference that came from a client. Throws rejected offer_not_found when it cannot be one. */
function quoteIn(ref: string): string {
  if (!/^[A-Za-z0-9._-]{1,120}$/.test(ref)) throw rejected('offer_not_found', 'nilgiri has no such quote')
  return ref
}

function refused({ code, text }: wire.Refusal): AirlineError {
  return rejected(map.mapCode(code), `nilgiri: ${text}`)
}

function rejected(reason: Rejection, message: string): AirlineError {
  return new AirlineError(airline.name, 'rejected', message, { reason })
}

/** An answer that does not read as the dialect says: after an entry that changes something, nobody knows what was done. */
function unreadable(changes: boolean, cause: unknown): AirlineError {
  const why = cause instanceof Error ? cause.message : String(cause)
  return new AirlineError(
    airline.name,
    changes ? 'unknown_outcome' : 'malformed',
    `nilgiri sent an answer that cannot be read: ${why}`,
    { cause },
  )
}
