import type { Booking, BookingRequest, BookingStatus, Cancellation } from '../../../gateway/src/schemas/booking.ts'
import { minor } from '../../../tests/support/money.ts'
import { broken, faultsOf, same } from './claims.ts'

/** What is wrong with a booking that was asked for like this and is to have one of these statuses; [] when nothing is. */
export function bookingFaults(request: BookingRequest, booking: Booking, statuses: readonly BookingStatus[]): string[] {
  const { reference, status, orders, passengers, contact, segments, price, payBy } = booking
  const about = `booking ${reference}`
  return faultsOf(about, () => {
    const always = broken(about, [
      [`it is ${statuses.join(' or ')} (it is ${status})`, statuses.includes(status)],
      ['its passengers are those named', sameFields(passengers, request.passengers)],
      ['its contact is the one named', sameFields(contact, request.contact)],
      [
        'its orders are for the offers booked',
        same(
          orders.map(({ offerId }) => offerId),
          request.offerIds,
        ),
      ],
      [
        'its orders are the offers’ airlines’',
        orders.every(({ airline, offerId }) => offerId.startsWith(`${airline}~`)),
      ],
    ])
    if (status !== 'held' && status !== 'confirmed') return always
    const purchased = new Set(
      segments.flatMap(({ airline, baggage }) => (baggage.some((bag) => bag.purchased) ? [airline] : [])),
    )
    return [
      ...always,
      ...broken(about, [
        ['its total is the one expected', same(price?.total, request.expectedTotal)],
        [
          'base, taxes, seats and baggage make the total',
          price !== null &&
            minor(price.base) + minor(price.taxes) + minor(price.seats) + minor(price.baggage) === minor(price.total),
        ],
        [
          'its orders’ prices make the total',
          price !== null &&
            orders.reduce((sum, order) => sum + (order.price ? minor(order.price) : Number.NaN), 0) ===
              minor(price.total),
        ],
        ['its seats are those chosen', same(seatsAsked(request), seatsGiven(booking))],
        [
          'its seats’ prices make the price of the seats',
          price !== null &&
            segments.flatMap(({ seats }) => seats).reduce((sum, seat) => sum + minor(seat.price), 0) ===
              minor(price.seats),
        ],
        [
          'it has bought baggage with the airlines it was bought of',
          same([...purchased].sort(), airlinesOfBags(request)),
        ],
        ['each order is as the booking is', orders.every((order) => order.status === status)],
        ['each order has a record locator', orders.every(({ airlineReference }) => airlineReference !== null)],
        ['it says until when to pay exactly while it is held', (payBy !== null) === (status === 'held')],
      ]),
    ]
  })
}

/** What is wrong with a quote of a cancellation, or with the cancellation, of a confirmed booking; [] when nothing is. */
export function cancellationFaults(
  booking: Booking,
  cancellation: Cancellation,
  status: 'quoted' | 'cancelled',
  quote: Cancellation | null,
): string[] {
  const about = `cancellation of ${booking.reference}`
  return faultsOf(about, () => {
    const { refund, fee, orders } = cancellation
    const sumOf = (part: 'refund' | 'fee') => orders.reduce((sum, order) => sum + minor(order[part]), 0)
    return broken(about, [
      [
        'it is of this booking',
        cancellation.reference === booking.reference && cancellation.booking.reference === booking.reference,
      ],
      [`it is ${status} (it is ${cancellation.status})`, cancellation.status === status],
      [
        'the booking is as the cancellation says',
        cancellation.booking.status === (status === 'cancelled' ? 'cancelled' : 'confirmed'),
      ],
      [
        'refund and fee are what was paid',
        booking.price !== null && minor(refund) + minor(fee) === minor(booking.price.total),
      ],
      ['the orders’ refunds make the refund', sumOf('refund') === minor(refund)],
      ['the orders’ fees make the fee', sumOf('fee') === minor(fee)],
      ['it gives back what was quoted', quote === null || same(quote.refund, refund)],
    ])
  })
}

function seatsAsked({ seats }: BookingRequest): string[] {
  return seats.map(({ segmentId, passengerId, designator }) => `${segmentId} ${passengerId} ${designator}`).sort()
}

function seatsGiven({ segments }: Booking): string[] {
  return segments
    .flatMap(({ id, seats }) => seats.map(({ passengerId, designator }) => `${id} ${passengerId} ${designator}`))
    .sort()
}

function airlinesOfBags({ baggage }: BookingRequest): string[] {
  return [...new Set(baggage.map(({ serviceId }) => serviceId.slice(0, serviceId.indexOf('~'))))].sort()
}

/** Whether all that was sent came back, whatever the order of the fields. */
function sameFields(given: unknown, sent: unknown): boolean {
  return same(sorted(given), sorted(sent))
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .map(([name, inner]): [string, unknown] => [name, sorted(inner)])
      .sort(([one], [other]) => (one < other ? -1 : 1)),
  )
}
