/** How a client stands after a request. */
interface Allowance {
  /** false: the request must be refused; it took nothing. */
  allowed: boolean
  /** Requests that the client can make at once. */
  limit: number
  /** Of these, how many it can still make now. */
  remaining: number
  /** Whole seconds until `remaining` is `limit` again, rounded up. */
  resetSeconds: number
  /** Whole seconds until the next request is allowed, rounded up; 0 when one is allowed now. */
  retryAfterSeconds: number
}

/** Takes one request from a client's allowance. */
export type RateLimiter = (clientId: string) => Allowance

/** What a rate limiter is made from. */
export interface RateLimit {
  /** Requests a second that a client may make in the long run; a whole number above 0. */
  perSecond: number
  /** Requests it may make at once after a rest. */
  burst: number
  /** A clock of real time in milliseconds that never goes back. Real, as the limit protects a server, not a world. */
  now: () => number
}

/** A hundred requests a second, and two hundred at once after a rest. */
export const defaultRateLimit: RateLimit = { perSecond: 100, burst: 200, now: () => performance.now() }

/**
 * Reads the setting MONSOON_RATE_LIMIT: requests a second, and twice as many at once. undefined: defaultRateLimit; 0: null,
 * no limit. Throws an Error that names the setting.
 */
export function readRateLimit(setting: string | undefined): RateLimit | null {
  if (setting === undefined) return defaultRateLimit
  if (!/^\d{1,6}$/.test(setting)) {
    throw new Error(`MONSOON_RATE_LIMIT must be a whole number of requests a second from 0 to 999999, not ${setting}`)
  }
  const perSecond = Number(setting)
  return perSecond === 0 ? null : { ...defaultRateLimit, perSecond, burst: 2 * perSecond }
}

/** Credit that one request costs: a thousand per request makes the refill of a millisecond the whole number `perSecond`. */
const cost = 1_000

/** A token bucket per client. Whole milliseconds and whole credits, so that it counts exactly. */
export function createRateLimiter({ perSecond, burst, now }: RateLimit): RateLimiter {
  const full = burst * cost
  const buckets = new Map<string, { credit: number; at: number }>()

  return (clientId) => {
    const time = Math.trunc(now())
    let bucket = buckets.get(clientId)
    if (bucket === undefined) {
      bucket = { credit: full, at: time }
      buckets.set(clientId, bucket)
    }
    bucket.credit = Math.min(full, bucket.credit + (time - bucket.at) * perSecond)
    bucket.at = time
    const allowed = bucket.credit >= cost
    if (allowed) bucket.credit -= cost
    const seconds = (credit: number) => Math.ceil(Math.max(0, credit - bucket.credit) / perSecond / 1_000)
    return {
      allowed,
      limit: burst,
      remaining: Math.floor(bucket.credit / cost),
      resetSeconds: seconds(full),
      retryAfterSeconds: seconds(cost),
    }
  }
}
