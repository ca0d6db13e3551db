/** What the table says of one error. */
interface ErrorEntry {
  status: number
  title: string
  /** When it happens, for the reader of the documentation. */
  when: string
  /** What a client does about it. */
  remedy: string
}

/** Every error the gateway answers with: the same table in OpenAPI and docs/errors.md (a test holds them equal). */
export const errorTable = {
  invalid_request: {
    status: 400,
    title: 'Invalid request',
    when: 'A field of the query, body, path or headers is missing, unknown or wrong, or the request is not HTTP.',
    remedy: 'Mend each field that `errors` names.',
  },
  malformed_body: {
    status: 400,
    title: 'Malformed body',
    when: 'The body is not the JSON that its content type says, is empty, or is cut off.',
    remedy: 'Check quotes, commas, encoding and `Content-Length`.',
  },
  unknown_airport: {
    status: 400,
    title: 'Unknown airport',
    when: 'No airport has this code.',
    remedy: 'Look codes up with `GET /v1/places?query=`; take one of the airports of a city.',
  },
  unknown_airline: {
    status: 400,
    title: 'Unknown airline',
    when: 'No airline of this name is connected.',
    remedy: 'Take a name from `GET /v1/airlines`.',
  },
  unknown_currency: {
    status: 400,
    title: 'Unknown currency',
    when: 'The currency is not in the table of exchange rates.',
    remedy: 'Ask for another currency.',
  },
  date_in_past: {
    status: 400,
    title: 'Date in the past',
    when: 'The date of departure has passed at the origin, or the return is before the departure.',
    remedy: 'Choose later dates.',
  },
  date_too_far: {
    status: 400,
    title: 'Date too far ahead',
    when: 'The date is more than 330 days ahead; airlines do not sell that far.',
    remedy: 'Choose an earlier date.',
  },
  invalid_passengers: {
    status: 400,
    title: 'Invalid passengers',
    when: 'More than nine passengers, more infants than adults, an age that does not fit the type, or not the passengers the offers are for.',
    remedy: 'Correct the passengers, or search again for these.',
  },
  invalid_offer: {
    status: 400,
    title: 'Invalid offer id',
    when: 'The offer id was not made by Fanfare, or was changed.',
    remedy: 'Take it from a search as it is.',
  },
  invalid_cursor: {
    status: 400,
    title: 'Invalid cursor',
    when: 'The cursor does not belong to this query.',
    remedy: 'Start again without one.',
  },
  invalid_extras: {
    status: 400,
    title: 'Invalid seats or baggage',
    when: 'A seat or a baggage service does not exist on these offers, is named twice, or is not for this passenger.',
    remedy: 'Take seats and services from the itinerary of these offers.',
  },
  offers_conflict: {
    status: 400,
    title: 'Offers do not go together',
    when: 'Two offers are for different passengers, or for flights that overlap in time.',
    remedy: 'Choose offers of one search that follow each other.',
  },
  hold_not_supported: {
    status: 400,
    title: 'Hold not supported',
    when: 'An airline of this booking sells at once only.',
    remedy: 'Book with `"payment": "now"`.',
  },
  simulation_off: {
    status: 403,
    title: 'Simulation control is off',
    when: 'A fault or the control plane was asked for, and this gateway has no `FANFARE_SIM_TOKEN`, or the token is not its own.',
    remedy: 'Start with `npm start`, or set `FANFARE_SIM_TOKEN`, and send it as `Fanfare-Sim-Token`.',
  },
  not_found: {
    status: 404,
    title: 'Not found',
    when: 'Nothing is at this path.',
    remedy: 'See `/docs` for what there is.',
  },
  booking_not_found: {
    status: 404,
    title: 'Booking not found',
    when: 'No booking has this reference.',
    remedy: 'Check the reference; `GET /v1/bookings` lists them.',
  },
  offer_not_found: {
    status: 404,
    title: 'Offer not found',
    when: 'The airline knows no such offer.',
    remedy: 'Search again.',
  },
  method_not_allowed: {
    status: 405,
    title: 'Method not allowed',
    when: 'The path exists, but not with this method.',
    remedy: 'Use one of the methods in `Allow`.',
  },
  request_timeout: {
    status: 408,
    title: 'Request timeout',
    when: 'The request did not arrive whole in time.',
    remedy: 'Send it again.',
  },
  price_changed: {
    status: 409,
    title: 'Price changed',
    when: 'The total is not what the client expected; `facts` holds the current one.',
    remedy: 'Show the new total, then book with a new key.',
  },
  seat_taken: {
    status: 409,
    title: 'Seat taken',
    when: 'A chosen seat is no longer free; `facts` names the seats.',
    remedy: 'Choose others, then book with a new key.',
  },
  sold_out: {
    status: 409,
    title: 'Sold out',
    when: 'The airline has no seats left at this fare.',
    remedy: 'Search again.',
  },
  baggage_unavailable: {
    status: 409,
    title: 'Baggage unavailable',
    when: 'A chosen baggage service can no longer be bought; `facts` names it.',
    remedy: 'Leave it out or choose another, then book with a new key.',
  },
  booking_refused: {
    status: 409,
    title: 'Booking refused',
    when: 'An airline refused for another reason; `detail` gives its words.',
    remedy: 'Change what it objects to, or choose another offer.',
  },
  invalid_booking_status: {
    status: 409,
    title: 'Not possible in this status',
    when: 'The booking’s status does not allow this: only a held booking can be paid, only a held or confirmed one cancelled.',
    remedy: 'Read the booking again.',
  },
  hold_lapsed: {
    status: 409,
    title: 'Hold lapsed',
    when: 'The time to pay has passed and the airline gave the seats back.',
    remedy: 'Search again.',
  },
  not_cancellable: {
    status: 409,
    title: 'Cannot be cancelled',
    when: 'An airline does not take this order back, for instance after departure.',
    remedy: 'Nothing: the booking stands.',
  },
  offer_expired: {
    status: 410,
    title: 'Offer expired',
    when: 'The offer is past its `expiresAt`, or the flight has left.',
    remedy: 'Search again.',
  },
  body_too_large: {
    status: 413,
    title: 'Body too large',
    when: 'The body is larger than 256 KiB.',
    remedy: 'Send less.',
  },
  uri_too_long: {
    status: 414,
    title: 'URI too long',
    when: 'The path and query are longer than 8 KiB.',
    remedy: 'Shorten them.',
  },
  unsupported_media_type: {
    status: 415,
    title: 'Unsupported media type',
    when: 'The body is of another type than JSON.',
    remedy: 'Send `Content-Type: application/json`.',
  },
  idempotency_key_reused: {
    status: 422,
    title: 'Idempotency key reused',
    when: 'The key was used with another payload.',
    remedy: 'Use a new key for a new booking.',
  },
  too_many_requests: {
    status: 429,
    title: 'Too many requests',
    when: 'This client has used up its allowance, `RATE_LIMIT_PER_MINUTE`.',
    remedy: 'Wait as long as `Retry-After` says.',
  },
  headers_too_large: {
    status: 431,
    title: 'Headers too large',
    when: 'The request line and headers are larger than 16 KiB, or there are more than 100 headers.',
    remedy: 'Send fewer or shorter ones.',
  },
  internal_error: {
    status: 500,
    title: 'Internal error',
    when: 'A fault in Fanfare itself.',
    remedy: 'Try again; the log has it under `requestId`.',
  },
  airline_error: {
    status: 502,
    title: 'Airline error',
    when: 'An airline answered with something that could not be read.',
    remedy: 'Try again later, or choose another airline.',
  },
  airline_unavailable: {
    status: 503,
    title: 'Airline unavailable',
    when: 'An airline that is needed for this cannot be reached, or asks to be left alone.',
    remedy: 'Try again after `Retry-After`.',
  },
  overloaded: {
    status: 503,
    title: 'Overloaded',
    when: 'The gateway has as much work as it can do in time, or is stopping. Nothing was done.',
    remedy: 'Try again after `Retry-After`.',
  },
  booking_store_unavailable: {
    status: 503,
    title: 'Bookings unavailable',
    when: 'The store of bookings cannot be reached. What was asked for may still come about.',
    remedy: 'Try again after `Retry-After`, a new booking with the same `Idempotency-Key`.',
  },
  airline_timeout: {
    status: 504,
    title: 'Airline timeout',
    when: 'An airline that is needed for this did not answer in time. Nothing was booked.',
    remedy: 'Try again.',
  },
} as const satisfies Record<string, ErrorEntry>

export type ErrorCode = keyof typeof errorTable

/** Details of a FanfareError. */
export interface FanfareErrorOptions {
  errors?: { path: string; message: string }[]
  /** The new facts behind a 409. */
  facts?: Record<string, unknown>
  /** Seconds for the Retry-After header. */
  retryAfter?: number
  cause?: unknown
}

/** An error with a line in the table; the error handler turns it into problem+json. */
export class FanfareError extends Error {
  override name = 'FanfareError'
  readonly code: ErrorCode
  readonly options: FanfareErrorOptions

  constructor(code: ErrorCode, detail: string, options: FanfareErrorOptions = {}) {
    super(detail, { cause: options.cause })
    this.code = code
    this.options = options
  }
}
