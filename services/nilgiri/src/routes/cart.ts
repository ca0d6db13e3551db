import { type AirlineApp, type AirlineSystem, type Offer, Refusal, seatsNeeded, unnoticed } from '@fanfare/kit'
import { type Cart, enterNames, enterService, openCart, priceCart, toOrderRequest } from '../cart.ts'
import { HostError } from '../errors.ts'
import { amount } from '../render/amount.ts'
import { priceLines, renderPassengerFares } from '../render/displays.ts'
import { nameLine, renderPnr } from '../render/pnr.ts'
import { column, soldLine } from '../render/screen.ts'
import { renderFlight } from '../render/words.ts'
import {
  EndEntry,
  NamesAnswer,
  NamesEntry,
  Pnr,
  PriceAnswer,
  SellAnswer,
  SellEntry,
  SsrAnswer,
  SsrEntry,
} from '../schemas/cart.ts'
import { ref } from '../schemas/ref.ts'
import { DoneAnswer } from '../schemas/session.ts'
import type { Session } from '../sessions.ts'
import { type SessionOf, seller } from '../sign-in.ts'
import type { StatusCache } from '../status-cache.ts'
import { answers } from './answers.ts'

/** Sell, names, services, price, end, ignore: everything about the cart of a session. */
export function registerCart(
  app: AirlineApp,
  system: AirlineSystem,
  statusCache: StatusCache,
  sessionOf: SessionOf,
): void {
  app.post(
    '/sell',
    {
      schema: {
        operationId: 'sell',
        tags: ['Cart'],
        summary: 'SS: put flights into the cart',
        description:
          'By quote, or by line and class of the last display. All or nothing: a UC among the segments leaves the cart empty. Seats are taken from inventory when the transaction ends, not before.',
        body: ref(SellEntry),
        response: answers(SellAnswer, 400, 413, 415),
      },
    },
    (request) => {
      const session = seller(sessionOf(request))
      if (session.cart !== null) throw new HostError('CART IN USE', 'end or ignore first')
      // What is looked up to fill a cart is no question of the seller's.
      const { offer, isLeft } = unnoticed(() => offered(system, session, request.body))
      const { flights } = offer.journey
      const rbd = offer.brand.bookingClass
      const seats = seatsNeeded(offer.passengers)
      const segments = flights.map((flight) => ({
        ...renderFlight(flight),
        rbd,
        seats,
        status: isLeft && !statusCache.lies(flight.key, rbd) ? ('SS' as const) : ('UC' as const),
      }))
      if (segments.every(({ status }) => status === 'SS')) session.cart = openCart(offer)
      const screen = flights.map((flight, index) =>
        soldLine(index + 1, flight, rbd, segments[index]?.status ?? 'UC', seats),
      )
      return { status: 'OK', screen, segments }
    },
  )

  app.post(
    '/names',
    {
      schema: {
        operationId: 'enterNames',
        tags: ['Cart'],
        summary: 'NM: who travels, how they are reached, and the seller’s reference',
        description: 'Entered again, they stand for the earlier ones, whose services go.',
        body: ref(NamesEntry),
        response: answers(NamesAnswer, 400, 413, 415),
      },
    },
    (request) => {
      enterNames(cartOf(sessionOf(request)), request.body)
      const names = request.body.names.map((name, index) => ({ passenger: index + 1, ...name }))
      return { status: 'OK', screen: names.map(nameLine), names }
    },
  )

  app.post(
    '/ssr',
    {
      schema: {
        operationId: 'requestServices',
        tags: ['Cart'],
        summary: 'SR: who they are, seats, extra baggage',
        description: 'Each request is answered by itself: HK is in the cart, UC and NO are not.',
        body: ref(SsrEntry),
        response: answers(SsrAnswer, 400, 413, 415),
      },
    },
    (request) => {
      const cart = cartOf(sessionOf(request))
      const requests = request.body.requests.map((asked) => ({
        ssr: asked.ssr,
        passenger: asked.passenger,
        state: unnoticed(() => enterService(system, cart, asked)),
        segment: asked.ssr === 'RQST' ? asked.segment : null,
        text: asked.ssr === 'RQST' ? asked.seat : asked.ssr === 'XBAG' ? asked.text : '',
      }))
      const screen = requests.map(({ ssr, state, text, passenger }) => `SR ${ssr} ${state} ${text}/P${passenger}`)
      return { status: 'OK', screen, requests }
    },
  )

  app.post(
    '/price',
    {
      schema: {
        operationId: 'price',
        tags: ['Cart'],
        summary: 'FX: what the cart costs',
        description: 'The transaction ends at this price or not at all.',
        response: answers(PriceAnswer, 400, 413, 415),
      },
    },
    (request) => {
      const { offer, extras, seats, bags, total } = unnoticed(() => priceCart(system, cartOf(sessionOf(request))))
      return {
        status: 'OK',
        screen: [
          ...priceLines(offer).slice(0, -1),
          ...extras.map(
            (extra) => `${extra.ssr} ${extra.text}/P${extra.passenger}`.padEnd(16) + column(amount(extra.amount), 15),
          ),
          `GRAND TOTAL AED${column(amount(total), 12)}`,
        ],
        currency: 'AED',
        passengers: renderPassengerFares(offer),
        extras: extras.map((extra) => ({ ...extra, amount: amount(extra.amount) })),
        fare: amount(offer.base),
        tax: amount(offer.tax),
        seats: amount(seats),
        bags: amount(bags),
        total: amount(total),
      }
    },
  )

  app.post(
    '/end',
    {
      schema: {
        operationId: 'endTransaction',
        tags: ['Cart'],
        summary: 'ET: make the PNR',
        description:
          'Without a form of payment it is held for six hours at most; with one it is ticketed. The same cart with the same reference gives the same PNR again. Refused, it leaves the cart as it is.',
        body: ref(EndEntry),
        response: answers(Pnr, 400, 413, 415),
      },
    },
    (request) => {
      const session = sessionOf(request)
      const pay = request.body.formOfPayment !== undefined
      const order = system.order(toOrderRequest(cartOf(session), pay))
      session.cart = null
      return renderPnr(system, order)
    },
  )

  app.post(
    '/ignore',
    {
      schema: {
        operationId: 'ignore',
        tags: ['Cart'],
        summary: 'IG: drop the cart',
        response: answers(DoneAnswer, 400, 413, 415),
      },
    },
    (request) => {
      sessionOf(request).cart = null
      return { status: 'OK', screen: ['IGNORED'] }
    },
  )
}

/** What a sell names, as it stands now or, sold out, as the display had it. Throws Refusal, or HostError for what names nothing. */
function offered(
  system: AirlineSystem,
  { display }: Session,
  { quote, line, rbd }: { quote?: string; line?: number; rbd?: string },
): { offer: Offer; isLeft: boolean } {
  if (quote !== undefined) return { offer: system.offer(quote), isLeft: true }
  if (line === undefined || rbd === undefined) throw new HostError('CHECK SELL', 'give a quote, or line and class')
  const shown = display[line - 1]?.find(({ brand }) => brand.bookingClass === rbd)
  if (shown === undefined) throw new HostError('CHECK LINE', `the last display has no line ${line} in class ${rbd}`)
  try {
    return { offer: system.offer(shown.id), isLeft: true }
  } catch (error) {
    if (error instanceof Refusal && error.code === 'sold_out') return { offer: shown, isLeft: false }
    throw error
  }
}

function cartOf(session: Session): Cart {
  const { cart } = seller(session)
  if (cart === null) throw new HostError('NO ITINERARY', 'sell first')
  return cart
}
