import type { AirlineApp, AirlineSystem } from '@fanfare/kit'
import { ApiError } from '../errors.ts'
import type { Examples } from '../examples.ts'
import { readBooking } from '../read-booking.ts'
import { renderBooking, renderRefund } from '../render/bookings.ts'
import { Booking, BookingList, BookingRequest, bookingQuery, PnrParams, Refund } from '../schemas/bookings.ts'
import { ref } from '../schemas/ref.ts'
import { answers } from './answers.ts'

/** Selling, finding and cancelling bookings. */
export function bookingRoutes(app: AirlineApp, system: AirlineSystem, { externalReference }: Examples): void {
  const { currency } = system.carrier

  app.post(
    '/bookings',
    {
      schema: {
        operationId: 'createBooking',
        tags: ['Bookings'],
        summary: 'Sell a fare, at once and paid',
        description:
          'Sending the same booking again under the same external_reference gives the booking that stands; another booking under it is refused.',
        body: ref(BookingRequest),
        response: answers({ 201: ref(Booking) }, 400, 401, 404, 409, 410, 422, 429),
      },
    },
    (request, reply) => {
      const agreed = request.body.agreed_total
      if (agreed !== undefined && agreed.currency !== currency) {
        throw new ApiError({ status: 422, error_code: 'CURRENCY_UNKNOWN' }, `Monsoon sells in ${currency} only`)
      }
      const order = system.order(readBooking(request.body))
      reply.code(201).header('location', `/api/v1/bookings/${order.locator}`)
      return renderBooking(system, order)
    },
  )

  app.get(
    '/bookings',
    {
      schema: {
        operationId: 'findBookings',
        tags: ['Bookings'],
        summary: 'Find a booking by your own reference',
        querystring: bookingQuery(externalReference),
        response: answers({ 200: ref(BookingList) }, 400, 401, 429),
      },
    },
    (request) => {
      const order = system.findByClientReference(request.query.external_reference)
      return { bookings: order === null ? [] : [renderBooking(system, order)] }
    },
  )

  app.get(
    '/bookings/:pnr',
    {
      schema: {
        operationId: 'readBooking',
        tags: ['Bookings'],
        summary: 'Read a booking',
        params: PnrParams,
        response: answers({ 200: ref(Booking) }, 400, 401, 404, 429),
      },
    },
    (request) => renderBooking(system, system.retrieve(request.params.pnr)),
  )

  app.get(
    '/bookings/:pnr/refund_quote',
    {
      schema: {
        operationId: 'quoteRefund',
        tags: ['Bookings'],
        summary: 'See what a cancellation would give back now',
        params: PnrParams,
        response: answers({ 200: ref(Refund) }, 400, 401, 404, 409, 429),
      },
    },
    (request) => renderRefund(system.quoteCancellation(request.params.pnr), currency),
  )

  app.post(
    '/bookings/:pnr/cancel',
    {
      schema: {
        operationId: 'cancelBooking',
        tags: ['Bookings'],
        summary: 'Cancel a booking against its fee',
        description: 'A booking that is cancelled already stays as it is and is answered as it was.',
        params: PnrParams,
        response: answers({ 200: ref(Booking) }, 400, 401, 404, 409, 429),
      },
    },
    (request) => renderBooking(system, system.cancel(request.params.pnr).order),
  )
}
