import type { Booking, BookingStatus } from '../../../gateway/src/schemas/booking.ts'
import { readJson } from './target.ts'

/** What travellers were told of their bookings. */
export interface Ledger {
  saw(booking: Booking): void
  /** Reads bookings again, and says what is not as it was told; also where two live bookings have one seat. */
  audit(url: string): Promise<{ read: number; violations: string[] }>
  /** How many were last seen as each status. */
  statuses(): Record<string, number>
}

/** What is kept of a booking. */
interface Told {
  status: BookingStatus
  total: string | null
  /** `segment designator` */
  seats: string[]
}

/** Bookings that are read again at most, the last ones, and how many at a time. */
const mostRead = 5_000
const readAtOnce = 8

/** Where a booking may go by itself: time passes, and an airline’s answer comes late. */
const mayBecome: Record<BookingStatus, readonly BookingStatus[]> = {
  pending: ['pending', 'held', 'confirmed', 'failed', 'cancelled'],
  held: ['held', 'failed', 'cancelled'],
  confirmed: ['confirmed'],
  cancelled: ['cancelled'],
  failed: ['failed'],
}

/** An empty ledger. */
export function createLedger(): Ledger {
  const told = new Map<string, Told>()

  async function check(
    url: string,
    reference: string,
    before: Told,
  ): Promise<{ now: Told | null; violations: string[] }> {
    const { status, body } = await readJson(`${url}/v1/bookings/${reference}`)
    if (status !== 200 || !isBooking(body)) {
      return {
        now: null,
        violations: [`booking ${reference} was told to be ${before.status}, and reading it gives ${status}`],
      }
    }
    const now = toTold(body)
    const violations: string[] = []
    if (!mayBecome[before.status].includes(now.status)) {
      violations.push(`booking ${reference} was told to be ${before.status}, and is ${now.status}`)
    }
    if (before.total !== null && now.total !== before.total) {
      violations.push(`booking ${reference} was told to cost ${before.total}, and costs ${now.total}`)
    }
    return { now, violations }
  }

  return {
    saw(booking) {
      told.set(booking.reference, toTold(booking))
    },

    async audit(url) {
      const violations: string[] = []
      const owners = new Map<string, string>()
      const entries = [...told].slice(-mostRead)
      const queue = entries.values()
      const worker = async () => {
        for (const [reference, before] of queue) {
          const { now, violations: found } = await check(url, reference, before)
          violations.push(...found)
          if (now?.status !== 'held' && now?.status !== 'confirmed') continue
          for (const seat of now.seats) {
            const other = owners.get(seat)
            if (other !== undefined) violations.push(`seat ${seat} belongs to bookings ${other} and ${reference}`)
            owners.set(seat, reference)
          }
        }
      }
      await Promise.all(Array.from({ length: readAtOnce }, worker))
      return { read: entries.length, violations }
    },

    statuses() {
      const counts: Record<string, number> = {}
      for (const { status } of told.values()) counts[status] = (counts[status] ?? 0) + 1
      return counts
    },
  }
}

function toTold({ status, price, segments }: Booking): Told {
  return {
    status,
    total: price && `${price.total.amount} ${price.total.currency}`,
    seats: segments.flatMap(({ id, airline, seats }) =>
      seats.map(({ designator }) => `${airline} ${id} ${designator}`),
    ),
  }
}

function isBooking(body: unknown): body is Booking {
  return (
    typeof body === 'object' &&
    body !== null &&
    'reference' in body &&
    'segments' in body &&
    Array.isArray(body.segments)
  )
}
