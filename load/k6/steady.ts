// k6 run load/k6/steady.ts: journeys of plan.ndjson at a constant rate.
import type { Options } from 'k6/options'
import { thresholds } from './travellers.ts'

export { surroundings as setup, travel as default } from './travellers.ts'

export const options: Options = {
  scenarios: {
    travellers: {
      executor: 'constant-arrival-rate',
      rate: Number(__ENV.RATE || 10),
      timeUnit: '1s',
      duration: __ENV.DURATION || '30s',
      preAllocatedVUs: 50,
      maxVUs: 500,
    },
  },
  summaryTrendStats: ['med', 'p(90)', 'p(99)', 'p(99.9)', 'max'],
  thresholds,
}
