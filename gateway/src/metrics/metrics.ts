import { Registry } from '@prometheus-io/client'
import type { Meter } from '../booking/meter.ts'
import type { EdgeMeter } from '../edge/meter.ts'
import type { ShoppingMeter } from '../shopping/meter.ts'
import type { UpstreamMeter } from '../upstream/meter.ts'
import { createBookingMeter } from './booking.ts'
import { createEdgeMeter } from './edge.ts'
import { createShoppingMeter } from './shopping.ts'
import { createUpstreamMeter } from './upstream.ts'

/** What counts in this gateway, and where the counts are. */
export interface Metrics {
  registry: Registry
  booking: Meter
  edge: EdgeMeter
  shopping: ShoppingMeter
  upstream: UpstreamMeter
}

/** Counters at zero: each series is there from the beginning, so that its first increase is seen. */
export function createMetrics(airlines: readonly string[]): Metrics {
  const registry = new Registry()
  return {
    registry,
    booking: createBookingMeter(registry),
    edge: createEdgeMeter(registry),
    shopping: createShoppingMeter(registry, airlines),
    upstream: createUpstreamMeter(registry, airlines),
  }
}
