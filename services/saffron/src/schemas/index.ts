import * as availability from './availability.ts'
import { ErrorAnswer, ErrorBody } from './error.ts'
import * as offer from './offer.ts'
import * as order from './order.ts'

/** Every named component of Saffron's API, in the order in which its description lists them. */
export const components = [
  availability.Travellers,
  availability.AvailabilityRequest,
  availability.FlightLeg,
  availability.BagAllowance,
  availability.FareFamily,
  availability.TravellerPricing,
  availability.OfferPricing,
  availability.JourneyOffer,
  availability.Journey,
  availability.Availability,
  offer.Offer,
  offer.SeatPlace,
  offer.CabinPlan,
  offer.SeatMaps,
  offer.BaggageProduct,
  offer.OfferBaggage,
  order.Traveller,
  order.Contact,
  order.OrderRequest,
  order.PaymentRequest,
  order.BookedFlight,
  order.Order,
  order.OrderList,
  order.CancellationQuote,
  order.Cancellation,
  ErrorBody,
  ErrorAnswer,
]
