import type { Cabin, Flight, FlightSeats, Offer, ShopRequest } from './types.ts'

/** What a carrier offers at this moment: its world, less what is sold. Throws Refusal as AirlineSystem says. */
export interface Market {
  shop(request: ShopRequest): readonly Offer[]
  offer(id: string): Offer
  seatMaps(offerId: string): readonly FlightSeats[]
  baggage(offerId: string): { code: string; price: number; maxQuantity: number }[]
  /** null: the carrier sells no such flight. */
  flight(key: string): Flight | null
  /** Seats that can be sold on the flight in the cabin when nobody has bought any (blocked seats left out). */
  capacity(flight: Flight, cabin: Cabin): number
  /** Seats that the world's other travellers have on the flight in the cabin by now; they never include an owned seat. */
  othersSeats(flight: Flight, cabin: Cabin): ReadonlySet<string>
  /** Cabin of a seat on the flight; null: no such seat, or a blocked one. */
  cabinOfSeat(flight: Flight, designator: string): Cabin | null
}
