import type { BrownOut } from './brown-out.ts'
import { type Fault, faultKinds } from './faults.ts'
import type { Latency } from './latency.ts'
import type { Operation } from './operations.ts'

export const profileNames = ['instant', 'realistic', 'chaos'] as const

/** How an airline behaves by itself: at once and without fault, as real ones do, or badly. */
export type ProfileName = (typeof profileNames)[number]

/** Latencies by operation; `*` is of those that have none of their own. */
export type LatencyTable = Partial<Record<Operation | '*', Latency>>

/** What a profile switches on. */
export interface Profile {
  latency: LatencyTable
  faults: Fault[]
  brownOut: BrownOut | null
}

/**
 * Median of a search in milliseconds: low-cost JSON 120, full-service JSON 350, an old reservation system 900, NDC 1,800.
 * Lotus's is that of the POST that begins a search.
 */
const searchMedianMs: Record<string, number> = { saffron: 350, monsoon: 120, banyan: 1_800, nilgiri: 900, lotus: 300 }

/** An airline of which nothing is known answers as a full-service one. */
const usualMedianMs = 350

/** Median of each operation as a share of a search's: selling takes longest, reading back is quick. */
const shareOfSearch: Record<Operation, number> = {
  search: 1,
  price: 0.6,
  seat_maps: 0.5,
  baggage: 0.4,
  hold: 1.2,
  purchase: 1.4,
  pay: 1,
  find_order: 0.5,
  read_order: 0.4,
  quote_cancellation: 0.4,
  cancel: 0.8,
  sign_in: 0.5,
}

/** The 99th percentile and the most, in medians. */
const p99InMedians = 3.5
const maxInMedians = 8

const slow = { share: 0.01, factor: 3 }

/** In chaos answers are quicker than in earnest, so that more can go wrong in a minute. */
const chaosHaste = 0.4

/** Of each kind of fault, at each operation. */
const chaosShare = 0.005
const chaosDelayMs = 3_000

/** What a profile means for an airline, by its name. */
export function profileOf(name: ProfileName, airline: string): Profile {
  switch (name) {
    case 'instant':
      return { latency: {}, faults: [], brownOut: null }
    case 'realistic':
      return { latency: latencies(airline, 1), faults: [], brownOut: null }
    case 'chaos':
      return {
        latency: latencies(airline, chaosHaste),
        faults: faultKinds.map((kind) => ({
          operation: '*',
          kind,
          share: chaosShare,
          next: null,
          delayMs: chaosDelayMs,
        })),
        brownOut: { everyMs: 120_000, forMs: 20_000, factor: 3, errorShare: 0.1 },
      }
  }
}

function latencies(airline: string, haste: number): LatencyTable {
  const median = (searchMedianMs[airline] ?? usualMedianMs) * haste
  const entries = Object.entries(shareOfSearch).map(([operation, share]) => [operation, lognormal(median * share)])
  return Object.fromEntries(entries)
}

function lognormal(median: number): Latency {
  const medianMs = Math.round(median)
  return {
    medianMs,
    p99Ms: Math.round(median * p99InMedians),
    maxMs: Math.round(median * maxInMedians),
    slow,
  }
}
