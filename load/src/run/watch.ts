import type { GatewaySample, Totals } from '../report/results.ts'
import { rateAt } from '../scenario/rate.ts'
import type { Scenario } from '../scenario/schema.ts'
import { createGatewayMeter } from './gateway-metrics.ts'
import type { Lately, Meter } from './meter.ts'
import type { Pace } from './pace.ts'
import type { Sender } from './sender.ts'

/** How a run goes. */
export interface Progress {
  atMs: number
  /** Over the time since the last one, in milliseconds. */
  overMs: number
  /** Searches per second that the plan wants now. */
  wantedRate: number
  lately: Lately
  totals: Totals
  underWay: number
}

/** Whom to watch. */
export interface Watched {
  scenario: Scenario
  /** Of the gateway. */
  url: string
  pace: Pace
  meter: Meter
  sender: Sender
  /** Gets the gateway's figures. */
  gateway: GatewaySample[]
  /** Ends the watch. */
  over: AbortSignal
  /** Is told how it goes. */
  progress: (now: Progress) => void
}

/** Once a second: the gateway's own figures, and word of how it goes. */
export async function watch(watched: Watched): Promise<void> {
  const { scenario, url, pace, meter, sender, gateway, over, progress } = watched
  const sample = createGatewayMeter(url)
  let beforeMs = 0
  for (let second = 1; ; second++) {
    const goesOn = await pace.until(Math.max(second * 1000, beforeMs + 500), over)
    if (!goesOn) return
    const atMs = pace.now()
    const found = await sample(atMs)
    if (found) gateway.push(found)
    const lately = meter.lately()
    progress({
      atMs,
      overMs: atMs - beforeMs,
      wantedRate: rateAt(scenario.stages, atMs),
      lately,
      totals: meter.totals(),
      underWay: sender.underWay(),
    })
    beforeMs = atMs
  }
}
