import * as bookings from './bookings.ts'
import { Price } from './common.ts'
import { ErrorReply, TokenError } from './errors.ts'
import * as extras from './extras.ts'
import * as flights from './flights.ts'
import { Token } from './tokens.ts'

/** Every named component of the API, in the order in which its description lists them. */
export const components = [
  Price,
  flights.PaxCount,
  flights.FlightSearch,
  flights.Leg,
  flights.Bag,
  flights.PaxFare,
  flights.Fare,
  flights.Journey,
  flights.FlightResults,
  flights.TaxLine,
  flights.QuoteRequest,
  flights.Quote,
  extras.Seat,
  extras.SeatChart,
  extras.SeatCharts,
  extras.Extra,
  extras.Extras,
  bookings.Pax,
  bookings.Contact,
  bookings.BookingRequest,
  bookings.Charges,
  bookings.Refund,
  bookings.BookedLeg,
  bookings.Booking,
  bookings.BookingList,
  ErrorReply,
  TokenError,
  Token,
]
