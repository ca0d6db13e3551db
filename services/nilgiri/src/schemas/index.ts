import * as cart from './cart.ts'
import { ErrorAnswer } from './error.ts'
import * as session from './session.ts'
import * as shopping from './shopping.ts'

/** Every named component of Nilgiri's API, in the order in which its description lists them. */
export const components = [
  session.LogonEntry,
  session.LogonAnswer,
  session.DoneAnswer,
  shopping.AvailabilityEntry,
  shopping.FareSearchEntry,
  shopping.Segment,
  shopping.AvailabilityAnswer,
  shopping.PassengerFare,
  shopping.Fare,
  shopping.FareSearchAnswer,
  shopping.QuoteEntry,
  shopping.QuoteAnswer,
  shopping.Seat,
  shopping.SeatMapAnswer,
  shopping.BaggageAnswer,
  cart.SellEntry,
  cart.SoldSegment,
  cart.SellAnswer,
  cart.Name,
  cart.NamesEntry,
  cart.NamesAnswer,
  cart.SsrEntry,
  cart.SsrAnswer,
  cart.PriceAnswer,
  cart.EndEntry,
  cart.PnrEntry,
  cart.TicketEntry,
  cart.Pnr,
  cart.RefundAnswer,
  ErrorAnswer,
]
