import { Fault, Faults } from './errors.ts'
import * as extras from './extras.ts'
import * as reservations from './reservations.ts'
import * as searches from './searches.ts'
import { LotusTime } from './time.ts'

/** Every named component of Lotus Air's API, in the order in which its description lists them. */
export const components = [
  LotusTime,
  searches.TravelParty,
  searches.SearchRequest,
  searches.SearchAccepted,
  searches.Sector,
  searches.IncludedBag,
  searches.Bundle,
  searches.Solution,
  searches.SearchPage,
  searches.PricedOffer,
  extras.SeatPlace,
  extras.CabinPlan,
  extras.OfferCabins,
  extras.BagForSale,
  extras.OfferBags,
  reservations.Guest,
  reservations.Reach,
  reservations.ReservationRequest,
  reservations.PaymentRequest,
  reservations.BookedSector,
  reservations.Reservation,
  reservations.ReservationList,
  reservations.CancellationQuote,
  reservations.Cancellation,
  Fault,
  Faults,
]
