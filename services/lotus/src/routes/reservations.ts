import type { AirlineApp, AirlineSystem } from '@fanfare/kit'
import { readReservation, readTotal } from '../read-reservation.ts'
import { renderQuote, renderReservation } from '../render/reservation.ts'
import { ref } from '../schemas/ref.ts'
import {
  Cancellation,
  CancellationQuote,
  PaymentRequest,
  Reservation,
  ReservationList,
  ReservationParams,
  ReservationRequest,
  reservationQuery,
} from '../schemas/reservations.ts'
import { answers } from './answers.ts'

/** Everything under /reservations. */
export function registerReservations(
  app: AirlineApp,
  system: AirlineSystem,
  examples: { idempotencyKey: string },
): void {
  app.post(
    '/reservations',
    {
      schema: {
        operationId: 'reserve',
        tags: ['Reservations'],
        summary: 'Reserve an offer, paid now or put on hold',
        description:
          'The same request under the same idempotencyKey gives the same reservation again, so it can be repeated after a lost answer (with a signature of its own). A hold keeps price, seats and bags for 30 minutes.',
        body: ref(ReservationRequest),
        response: answers({ 201: ref(Reservation) }, 400, 401, 404, 409, 410, 413, 415),
      },
    },
    (request, reply) => {
      const order = system.order(readReservation(request.body))
      return reply
        .status(201)
        .header('location', `/v1/reservations/${order.locator}`)
        .send(renderReservation(system, order))
    },
  )

  app.get(
    '/reservations',
    {
      schema: {
        operationId: 'findReservations',
        tags: ['Reservations'],
        summary: 'Find the reservation of an idempotency key',
        description: 'Gives a list of one, or an empty list when none was made under the key.',
        querystring: reservationQuery(examples.idempotencyKey),
        response: answers({ 200: ref(ReservationList) }, 400, 401),
      },
    },
    (request, reply) => {
      const order = system.findByClientReference(request.query.idempotencyKey)
      return reply.send({ reservations: order === null ? [] : [renderReservation(system, order)] })
    },
  )

  app.get(
    '/reservations/:reservationCode',
    {
      schema: {
        operationId: 'readReservation',
        tags: ['Reservations'],
        summary: 'Read a reservation',
        params: ReservationParams,
        response: answers({ 200: ref(Reservation) }, 400, 401, 404, 414),
      },
    },
    (request, reply) => reply.send(renderReservation(system, system.retrieve(request.params.reservationCode))),
  )

  app.post(
    '/reservations/:reservationCode/payment',
    {
      schema: {
        operationId: 'payReservation',
        tags: ['Reservations'],
        summary: 'Pay a hold',
        description: 'At the price it was put on hold at. Paying what is ticketed gives it again.',
        params: ReservationParams,
        body: ref(PaymentRequest),
        response: answers({ 200: ref(Reservation) }, 400, 401, 404, 409, 413, 414, 415),
      },
    },
    (request, reply) => {
      const order = system.pay(request.params.reservationCode, readTotal(request.body.expectedTotal))
      return reply.send(renderReservation(system, order))
    },
  )

  app.get(
    '/reservations/:reservationCode/cancellation',
    {
      schema: {
        operationId: 'quoteCancellation',
        tags: ['Reservations'],
        summary: 'Ask what cancelling would give back',
        description: 'Changes nothing.',
        params: ReservationParams,
        response: answers({ 200: ref(CancellationQuote) }, 400, 401, 404, 409, 414),
      },
    },
    (request, reply) => {
      const { reservationCode } = request.params
      return reply.send(renderQuote(reservationCode, system.quoteCancellation(reservationCode)))
    },
  )

  app.post(
    '/reservations/:reservationCode/cancellation',
    {
      schema: {
        operationId: 'cancelReservation',
        tags: ['Reservations'],
        summary: 'Cancel a reservation',
        description: 'Gives its seats back. Cancelling what is cancelled gives the same answer again. Takes no body.',
        params: ReservationParams,
        response: answers({ 200: ref(Cancellation) }, 400, 401, 404, 409, 414),
      },
    },
    (request, reply) => {
      const { order, quote } = system.cancel(request.params.reservationCode)
      return reply.send({ ...renderQuote(order.locator, quote), state: 'cancelled' })
    },
  )
}
