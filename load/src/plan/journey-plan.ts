/** What one traveller means to do, decided before anything is sent: the same scenario and seed give the same plans. */
export interface JourneyPlan {
  /** From 0, in the order of `atMs`. */
  index: number
  /** When the search is due, in milliseconds from the start. */
  atMs: number
  question: Question
  /** Itineraries to look at; the last one is booked where there is a booking. */
  looks: LookPlan[]
  /** null: only looks. */
  booking: BookingPlan | null
}

/** A search. */
export interface Question {
  origin: string
  destination: string
  /** YYYY-MM-DD */
  departureDate: string
  /** null: one way. */
  returnDate: string | null
  adults: number
  children: number
  infants: number
  cabin: 'economy' | 'business'
  currency: string
}

/** One itinerary to look at. */
export interface LookPlan {
  thinkMs: number
  /** Which offer of the outbound and of the return, as shares of the lists: 0 is the first. */
  picks: [number, number]
}

/** What is booked, and what becomes of it. */
export interface BookingPlan {
  thinkMs: number
  wantsHold: boolean
  wantsSeats: boolean
  wantsBags: boolean
  /** Which of the free seats and bags, as shares of the lists. */
  picks: number[]
  /** Of a hold: whether it is paid; it lapses otherwise. */
  pays: boolean
  payThinkMs: number
  /** Once it is confirmed. */
  cancels: boolean
  cancelThinkMs: [number, number]
  /** A part of the idempotency key that is the run's own is put before it. */
  key: string
}
