/** What the table says of one error. */
interface ErrorEntry {
  status: number
  title: string
  /** When it happens and what to do; docs/errors.md says the same. */
  meaning: string
}

/** Every error the gateway answers with: the same table in OpenAPI and docs/errors.md (a test holds them equal). */
export const errorTable = {
  invalid_request: {
    status: 400,
    title: 'Invalid request',
    meaning: 'A field of the query, body, path or headers is missing, unknown or wrong; `errors` names each one.',
  },
  malformed_body: {
    status: 400,
    title: 'Malformed body',
    meaning: 'The body is not the JSON that its content type says. Check quotes, commas and encoding.',
  },
  unknown_airport: {
    status: 400,
    title: 'Unknown airport',
    meaning:
      'No airport has this code. Look codes up with `GET /v1/places?query=`; a city code must be replaced by one of its airports.',
  },
  unknown_airline: {
    status: 400,
    title: 'Unknown airline',
    meaning: 'No airline of this name is connected. `GET /v1/airlines` lists them.',
  },
  unknown_currency: {
    status: 400,
    title: 'Unknown currency',
    meaning: 'The currency is not in the table of exchange rates.',
  },
  date_in_past: {
    status: 400,
    title: 'Date in the past',
    meaning: 'The date of departure has passed at the origin, or the return is before the departure.',
  },
  date_too_far: { status: 400, title: 'Date too far ahead', meaning: 'Airlines sell at most 330 days ahead.' },
  invalid_passengers: {
    status: 400,
    title: 'Invalid passengers',
    meaning:
      'More than nine passengers, more infants than adults, an age that does not fit the type, or not the passengers the offers are for.',
  },
  invalid_offer: {
    status: 400,
    title: 'Invalid offer id',
    meaning: 'The offer id was not made by Fanfare, or was changed. Take it from a search as it is.',
  },
  invalid_cursor: {
    status: 400,
    title: 'Invalid cursor',
    meaning: 'The cursor does not belong to this query. Start again without one.',
  },
  invalid_extras: {
    status: 400,
    title: 'Invalid seats or baggage',
    meaning:
      'A seat or a baggage service does not exist on these offers, or is named twice, or is not for this passenger.',
  },
  offers_conflict: {
    status: 400,
    title: 'Offers do not go together',
    meaning: 'Two offers are for different passengers, or for flights that overlap in time.',
  },
  hold_not_supported: {
    status: 400,
    title: 'Hold not supported',
    meaning: 'An airline of this booking sells at once only. Book with `"payment": "now"`.',
  },
  not_found: { status: 404, title: 'Not found', meaning: 'Nothing is at this path.' },
  booking_not_found: { status: 404, title: 'Booking not found', meaning: 'No booking has this reference.' },
  method_not_allowed: {
    status: 405,
    title: 'Method not allowed',
    meaning: 'The path exists, but not with this method; `Allow` names those that work.',
  },
  request_timeout: {
    status: 408,
    title: 'Request timeout',
    meaning: 'The request did not arrive whole in time. Send it again.',
  },
  price_changed: {
    status: 409,
    title: 'Price changed',
    meaning:
      'The total is not what the client expected; `facts` holds the current total. Look again, then book with a new key.',
  },
  seat_taken: {
    status: 409,
    title: 'Seat taken',
    meaning: 'A chosen seat is no longer free; `facts` names the seats. Choose others, then book with a new key.',
  },
  sold_out: { status: 409, title: 'Sold out', meaning: 'The airline has no seats left at this fare. Search again.' },
  baggage_unavailable: {
    status: 409,
    title: 'Baggage unavailable',
    meaning: 'A chosen baggage service can no longer be bought; `facts` names it.',
  },
  booking_refused: {
    status: 409,
    title: 'Booking refused',
    meaning: 'An airline refused the booking for another reason; `detail` gives its words.',
  },
  invalid_booking_status: {
    status: 409,
    title: 'Not possible in this status',
    meaning:
      'The booking’s status does not allow this: only a held booking can be paid, only a held or confirmed one cancelled.',
  },
  hold_lapsed: {
    status: 409,
    title: 'Hold lapsed',
    meaning: 'The time to pay has passed and the airline gave the seats back. Search again.',
  },
  not_cancellable: {
    status: 409,
    title: 'Cannot be cancelled',
    meaning: 'An airline does not take this order back, for instance after departure.',
  },
  offer_expired: {
    status: 410,
    title: 'Offer expired',
    meaning: 'The offer is past its `expiresAt`, or the flight has left. Search again.',
  },
  offer_not_found: { status: 404, title: 'Offer not found', meaning: 'The airline knows no such offer. Search again.' },
  body_too_large: { status: 413, title: 'Body too large', meaning: 'The body is larger than 256 KiB.' },
  uri_too_long: { status: 414, title: 'URI too long', meaning: 'The path and query are longer than 8 KiB.' },
  unsupported_media_type: {
    status: 415,
    title: 'Unsupported media type',
    meaning: 'Send `Content-Type: application/json`.',
  },
  idempotency_key_reused: {
    status: 422,
    title: 'Idempotency key reused',
    meaning: 'The key was used with another payload. Use a new key for a new booking.',
  },
  headers_too_large: {
    status: 431,
    title: 'Headers too large',
    meaning: 'The request’s headers are larger than 16 KiB.',
  },
  internal_error: {
    status: 500,
    title: 'Internal error',
    meaning: 'A fault in Fanfare itself; the log has it under `requestId`.',
  },
  airline_error: {
    status: 502,
    title: 'Airline error',
    meaning: 'An airline answered with something that could not be read.',
  },
  airline_unavailable: {
    status: 503,
    title: 'Airline unavailable',
    meaning:
      'An airline that is needed for this cannot be reached, or asks to be left alone; try again after `Retry-After`.',
  },
  airline_timeout: {
    status: 504,
    title: 'Airline timeout',
    meaning: 'An airline that is needed for this did not answer in time. Nothing was booked; try again.',
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
