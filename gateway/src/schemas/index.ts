import { AirlineHealth, AirlineList, OperationHealth } from './airline.ts'
import { BaggageOptions, PurchasableBaggage } from './baggage.ts'
import * as booking from './booking.ts'
import { Liveness, Readiness } from './health.ts'
import { Itinerary } from './itinerary.ts'
import { Money } from './money.ts'
import * as offer from './offer.ts'
import { Contact, Passenger } from './passenger.ts'
import { Place, PlaceList } from './place.ts'
import { Problem } from './problem.ts'
import { SearchedSlice, SearchResult } from './search.ts'
import { CabinMap, Seat, SeatMap, SeatRow } from './seat-map.ts'
import { Source } from './source.ts'

/** Every named component of the API, in the order in which the OpenAPI document lists them. */
export const components = [
  Money,
  Place,
  PlaceList,
  Passenger,
  Contact,
  offer.Segment,
  offer.Slice,
  offer.Condition,
  offer.Conditions,
  offer.IncludedBaggage,
  offer.PassengerPrice,
  offer.SameFlight,
  offer.Offer,
  offer.PricedOffer,
  Seat,
  SeatRow,
  CabinMap,
  SeatMap,
  PurchasableBaggage,
  BaggageOptions,
  Source,
  SearchedSlice,
  SearchResult,
  Itinerary,
  booking.SeatChoice,
  booking.BaggageChoice,
  booking.BookingRequest,
  booking.BookedOrder,
  booking.BookedSeat,
  booking.BookedBaggage,
  booking.BookedSegment,
  booking.BookingPrice,
  booking.HistoryEntry,
  booking.Booking,
  booking.BookingList,
  booking.PaymentRequest,
  booking.CancellationRequest,
  booking.Cancellation,
  OperationHealth,
  AirlineHealth,
  AirlineList,
  Liveness,
  Readiness,
  Problem,
]
