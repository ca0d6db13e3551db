import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Bookings } from '../booking/bookings.ts'
import { DeadlineHeader, deadlineHeader, deadlineHook, msLeft } from '../http/deadline.ts'
import { bodyErrors, problems } from '../openapi/problems.ts'
import {
  Booking,
  BookingHeaders,
  BookingList,
  BookingPath,
  BookingRequest,
  BookingsQuery,
  Cancellation,
  CancellationRequest,
  PaymentRequest,
} from '../schemas/booking.ts'
import { noQuery } from '../schemas/query.ts'
import { ref } from '../schemas/ref.ts'
import { FaultHeaders } from '../schemas/simulation.ts'
import type { FaultRequests } from '../simulation/fault-header.ts'

/** What the booking routes need. */
export interface BookingRouteOptions {
  bookings: Bookings
  faults: FaultRequests
}

const deadline = DeadlineHeader(
  'What is not known by then is answered with 202 and goes on; where nothing has begun, with 504.',
)

/** `/v1/bookings` and what is under it. */
export const bookingRoutes: FastifyPluginAsyncTypebox<BookingRouteOptions> = async (app, { bookings, faults }) => {
  app.addHook('onSend', async (_, reply) => {
    reply.header('cache-control', 'no-store')
  })

  app.post(
    '/v1/bookings',
    {
      preValidation: deadlineHook,
      schema: {
        operationId: 'createBooking',
        summary: 'Book offers with seats and baggage',
        description:
          'Prices the offers again, holds the total against `expectedTotal`, and books them at their airlines: all of them or none. Sent again with the same `Idempotency-Key` and body it books nothing new and answers with the same booking. 202 means that an airline’s answer is not known yet: read the booking at `Location` until it is no longer `pending`. A 4xx that comes from an airline leaves a `failed` booking, whose reference is in `facts`.',
        tags: ['Bookings'],
        querystring: noQuery,
        headers: Type.Object({ ...BookingHeaders.properties, ...deadline }),
        body: ref(BookingRequest),
        response: {
          201: located('Held or confirmed'),
          202: located('An airline’s answer is not known yet'),
          ...problems(
            ...bodyErrors,
            'invalid_offer',
            'unknown_currency',
            'invalid_passengers',
            'invalid_extras',
            'offers_conflict',
            'hold_not_supported',
            'offer_not_found',
            'price_changed',
            'seat_taken',
            'sold_out',
            'baggage_unavailable',
            'booking_refused',
            'hold_lapsed',
            'offer_expired',
            'idempotency_key_reused',
            'simulation_off',
            'airline_error',
            'airline_unavailable',
            'airline_timeout',
            'booking_store_unavailable',
          ),
        },
      },
    },
    async ({ body, headers }, reply) => {
      const patience = { answerWithinMs: msLeft(headers[deadlineHeader], reply) }
      const { booking, isSettled } = await faults.under(headers['fanfare-fault'], 'changes', () =>
        bookings.create(body, headers['idempotency-key'], patience),
      )
      return reply
        .code(isSettled ? 201 : 202)
        .header('location', pathOf(booking.reference))
        .send(booking)
    },
  )

  app.get(
    '/v1/bookings',
    {
      schema: {
        operationId: 'listBookings',
        summary: 'List bookings',
        description:
          'All bookings, the newest first. `status=pending` lists what is unresolved: an airline’s answer is not known yet, or what was taken is still being given back.',
        tags: ['Bookings'],
        querystring: BookingsQuery,
        response: { 200: ref(BookingList), ...problems('invalid_cursor', 'booking_store_unavailable') },
      },
    },
    async ({ query }) => bookings.list(query),
  )

  app.get(
    '/v1/bookings/:reference',
    {
      schema: {
        operationId: 'getBooking',
        summary: 'Read a booking',
        description: 'The booking as it is now, with what happened to it.',
        tags: ['Bookings'],
        params: BookingPath,
        querystring: noQuery,
        response: { 200: ref(Booking), ...problems('booking_not_found', 'booking_store_unavailable') },
      },
    },
    async ({ params }) => bookings.find(params.reference),
  )

  app.post(
    '/v1/bookings/:reference/payment',
    {
      preValidation: [deadlineHook, allowNoBody],
      schema: {
        operationId: 'payBooking',
        summary: 'Pay a held booking',
        description:
          'Pays every order that is held. A booking that is confirmed already is answered as it is, so the call can be repeated. A hold whose time has passed is gone.',
        tags: ['Bookings'],
        params: BookingPath,
        headers: Type.Object({ ...FaultHeaders.properties, ...deadline }),
        querystring: noQuery,
        body: ref(PaymentRequest),
        response: {
          200: ref(Booking),
          202: located('An airline’s answer is not known yet'),
          ...problems(
            ...bodyErrors,
            'booking_not_found',
            'invalid_booking_status',
            'hold_lapsed',
            'simulation_off',
            'price_changed',
            'sold_out',
            'seat_taken',
            'baggage_unavailable',
            'booking_refused',
            'offer_not_found',
            'offer_expired',
            'booking_store_unavailable',
          ),
        },
      },
    },
    async ({ body, params, headers }, reply) => {
      const patience = { answerWithinMs: msLeft(headers[deadlineHeader], reply) }
      const { booking, isSettled } = await faults.under(headers['fanfare-fault'], 'changes', () =>
        bookings.pay(params.reference, body.expectedTotal ?? null, patience),
      )
      if (!isSettled) reply.code(202).header('location', pathOf(booking.reference))
      return booking
    },
  )

  app.post(
    '/v1/bookings/:reference/cancellation',
    {
      preValidation: [deadlineHook, allowNoBody],
      schema: {
        operationId: 'cancelBooking',
        summary: 'Quote a cancellation, or cancel',
        description:
          'Without `confirm` it only says what each airline would give back and keep. With `confirm: true` the orders are given back. A booking that is cancelled already is answered as it was then, so the call can be repeated.',
        tags: ['Bookings'],
        params: BookingPath,
        headers: Type.Object({ ...FaultHeaders.properties, ...deadline }),
        querystring: noQuery,
        body: ref(CancellationRequest),
        response: {
          200: ref(Cancellation),
          202: located('An airline’s answer is not known yet', Cancellation),
          ...problems(
            ...bodyErrors,
            'booking_not_found',
            'invalid_booking_status',
            'not_cancellable',
            'simulation_off',
            'hold_lapsed',
            'booking_refused',
            'airline_error',
            'airline_unavailable',
            'airline_timeout',
            'booking_store_unavailable',
          ),
        },
      },
    },
    async ({ body, params: { reference }, headers }, reply) => {
      const patience = { answerWithinMs: msLeft(headers[deadlineHeader], reply) }
      const fault = headers['fanfare-fault']
      const cancellation = body.confirm
        ? await faults.under(fault, 'changes', () => bookings.cancel(reference, patience))
        : await faults.under(fault, 'everything', () => bookings.quoteCancellation(reference, patience))
      if (cancellation.status === 'pending') reply.code(202).header('location', pathOf(reference))
      return cancellation
    },
  )
}

/** A response that says where the booking can be read. Says nothing to the static type of a handler. */
function located(description: string, schema: typeof Booking | typeof Cancellation = Booking): object {
  const Location = Type.String({ description: 'Path of the booking', examples: ['/v1/bookings/FN7K2Q9P'] })
  return { description, headers: { Location }, content: { 'application/json': { schema: ref(schema) } } }
}

function pathOf(reference: string): string {
  return `/v1/bookings/${reference}`
}

/** A body that may be left out is an empty object. */
async function allowNoBody(request: FastifyRequest): Promise<void> {
  request.body ??= {}
}
