import { monsoon, runAirline } from '@fanfare/kit'
import { buildApp } from './app.ts'
import { readRateLimit } from './rate-limit.ts'

// Read inside buildApp, so that a wrong setting ends the program with one line as every other does.
await runAirline({
  carrier: monsoon,
  buildApp: async (options) => buildApp({ ...options, rateLimit: readRateLimit(process.env.MONSOON_RATE_LIMIT) }),
})
