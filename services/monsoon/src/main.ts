import { monsoon, runAirline } from '@fanfare/kit'
import { buildApp } from './app.ts'
import { readRateLimit } from './rate-limit.ts'

await runAirline({
  carrier: monsoon,
  buildApp: async (options, setting) => buildApp({ ...options, rateLimit: readRateLimit(setting('RATE_LIMIT')) }),
})
