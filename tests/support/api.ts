import { randomUUID } from 'node:crypto'
import type { Booking, BookingList, BookingRequest, Cancellation } from '../../gateway/src/schemas/booking.ts'
import type { Itinerary } from '../../gateway/src/schemas/itinerary.ts'
import type { Problem } from '../../gateway/src/schemas/problem.ts'
import type { SearchResult } from '../../gateway/src/schemas/search.ts'
import { parseAs } from './schema-check.ts'

/** An answer of the gateway, its body held to the API's component. */
interface Answer<T> {
  status: number
  headers: Headers
  body: T
}

/** A client of a gateway; each call throws where the answer is not of the shape that its status calls for. */
export interface Api {
  /** Any call; the body as it came. */
  call(
    method: string,
    path: string,
    options?: { body?: unknown; headers?: Record<string, string>; signal?: AbortSignal },
  ): Promise<Answer<unknown>>
  search(query: Record<string, string | number>): Promise<SearchResult>
  itinerary(offerIds: string[]): Promise<Itinerary>
  /** A problem, whatever the call. */
  problem(answer: Answer<unknown>): Problem
  book(request: BookingRequest, key?: string): Promise<Answer<unknown>>
  /** The same, and the booking it must give. */
  booked(request: BookingRequest, key?: string): Promise<Booking>
  read(reference: string): Promise<Booking>
  /** The booking after its airlines were asked for their orders. */
  refresh(reference: string): Promise<Booking>
  list(): Promise<BookingList>
  pay(reference: string): Promise<Booking>
  cancel(reference: string, confirm: boolean): Promise<Cancellation>
}

/** A client of the gateway at `url`. */
export function createApi(url: string): Api {
  const call: Api['call'] = async (method, path, { body, headers = {}, signal } = {}) => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(signal && { signal }),
    })
    const text = await response.text()
    return { status: response.status, headers: response.headers, body: text === '' ? null : JSON.parse(text) }
  }
  const expecting = async <T>(component: string, status: number, answer: Promise<Answer<unknown>>): Promise<T> => {
    const { status: got, body } = await answer
    if (got !== status) throw new Error(`${got} in place of ${status}: ${JSON.stringify(body)}`)
    return parseAs<T>(component, body)
  }
  const book: Api['book'] = (request, key = randomUUID()) =>
    call('POST', '/v1/bookings', { body: request, headers: { 'idempotency-key': key } })

  return {
    call,
    search: (query) => expecting('SearchResult', 200, call('GET', `/v1/search?${new URLSearchParams(texts(query))}`)),
    itinerary: (offerIds) =>
      expecting(
        'Itinerary',
        200,
        call('GET', `/v1/itinerary?${new URLSearchParams(offerIds.map((id) => ['offerId', id]))}`),
      ),
    problem({ status, headers, body }) {
      const problem = parseAs<Problem>('Problem', body)
      const type = headers.get('content-type') ?? ''
      if (problem.status !== status || !type.startsWith('application/problem+json')) {
        throw new Error(`no proper problem: ${status} ${type} ${JSON.stringify(body)}`)
      }
      return problem
    },
    book,
    booked: (request, key) => expecting('Booking', 201, book(request, key)),
    read: (reference) => expecting('Booking', 200, call('GET', `/v1/bookings/${reference}`)),
    refresh: (reference) => expecting('Booking', 200, call('GET', `/v1/bookings/${reference}?refresh=true`)),
    list: () => expecting('BookingList', 200, call('GET', '/v1/bookings')),
    pay: (reference) => expecting('Booking', 200, call('POST', `/v1/bookings/${reference}/payment`)),
    cancel: (reference, confirm) =>
      expecting('Cancellation', 200, call('POST', `/v1/bookings/${reference}/cancellation`, { body: { confirm } })),
  }
}

function texts(query: Record<string, string | number>): Record<string, string> {
  return Object.fromEntries(Object.entries(query).map(([name, value]) => [name, `${value}`]))
}
