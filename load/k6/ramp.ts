// k6 run load/k6/ramp.ts: journeys of plan.ndjson at a rate that grows, to see where latency leaves the ground.
import type { Options } from 'k6/options'
import { thresholds } from './travellers.ts'

export { surroundings as setup, travel as default } from './travellers.ts'

const rate = Number(__ENV.RATE || 100)

export const options: Options = {
  scenarios: {
    travellers: {
      executor: 'ramping-arrival-rate',
      startRate: Math.ceil(rate / 10),
      timeUnit: '1s',
      stages: [
        { target: rate, duration: __ENV.DURATION || '60s' },
        { target: rate, duration: '20s' },
      ],
      preAllocatedVUs: 100,
      maxVUs: 1000,
    },
  },
  summaryTrendStats: ['med', 'p(90)', 'p(99)', 'p(99.9)', 'max'],
  thresholds,
}
