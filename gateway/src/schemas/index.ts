import { AirlineHealth, AirlineList } from './airline.ts'
import { BaggageOptions, PurchasableBaggage } from './baggage.ts'
import * as booking from './booking.ts'
import { Liveness, Readiness } from './health.ts'
import { Itinerary } from './itinerary.ts'
import { Money } from './money.ts'
import * as offer from './offer.ts'
import { Contact, Passenger } from './passenger.ts'
import { Place, PlaceList } from './place.ts'
import { Problem } from './problem.ts'
import { FoundOffers, SearchedSlice, SearchResult } from './search.ts'
import { CabinMap, Seat, SeatMap, SeatRow } from './seat-map.ts'
import * as simulation from './simulation.ts'
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
  FoundOffers,
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
  AirlineHealth,
  AirlineList,
  Liveness,
  Readiness,
  simulation.FaultSwitch,
  simulation.OperationLatency,
  simulation.BrownOut,
  simulation.AirlineUnreached,
  simulation.AirlineTime,
  simulation.WorldTime,
  simulation.ClockMove,
  simulation.FaultSwitches,
  simulation.WorldFaults,
  simulation.WorldLatency,
  simulation.WorldBrownOut,
  simulation.WorldProfile,
  simulation.WorldStatistics,
  simulation.AirlineAudit,
  simulation.WorldAudit,
  simulation.ResetRequest,
  simulation.ScenarioStep,
  simulation.Scenario,
  simulation.ScenarioEvent,
  simulation.ScenarioState,
  Problem,
]
