import { type AirlineApp, type AirlineAppOptions, buildAirlineApp } from '@fanfare/kit'
import { signInBrowser } from './browser-signing.ts'
import { description } from './description.ts'
import { LotusError, sendError } from './errors.ts'
import { bodyExamples, examplesNow, liveExamples } from './examples.ts'
import { essentials, tooManyRequests } from './faults.ts'
import { registerOffers } from './routes/offers.ts'
import { registerReservations } from './routes/reservations.ts'
import { registerSearches } from './routes/searches.ts'
import { registerTime } from './routes/time.ts'
import { components } from './schemas/index.ts'
import { createSearchBook } from './searches.ts'
import { requireSignatures } from './sign-in.ts'

/** Lotus Air's service. */
export async function buildApp(options: AirlineAppOptions): Promise<AirlineApp> {
  const { system, key, secret } = options
  const { now } = system.clock
  const searches = createSearchBook({ now })
  system.onReset(searches.clear)
  const examples = examplesNow(system, searches)
  const bodies = bodyExamples(examples)
  const header = (name: string, what: string) => ({ type: 'apiKey', in: 'header', name, description: what }) as const
  const app = await buildAirlineApp({
    ...options,
    essentials,
    tooManyRequests,
    title: 'Lotus Air',
    description,
    tags: [
      { name: 'Signing', description: 'What signatures are judged by' },
      { name: 'Shopping', description: 'What can be sold: searches, prices, seats, bags' },
      { name: 'Reservations', description: 'Sell, hold, pay, read and cancel' },
    ],
    securitySchemes: {
      key: header('X-Lotus-Key', 'Key id'),
      timestamp: header('X-Lotus-Timestamp', 'Milliseconds since the epoch'),
      nonce: header('X-Lotus-Nonce', 'New for every call'),
      signature: header('X-Lotus-Signature', 'HMAC-SHA256 in hex'),
    },
    security: [{ key: [], timestamp: [], nonce: [], signature: [] }],
    examples: liveExamples(system, searches, examples),
    requestInterceptor: signInBrowser,
  })
  for (const schema of components) {
    const body = bodies[schema.$id]
    app.addSchema(body === undefined ? schema : { ...schema, examples: [body] })
  }
  app.setErrorHandler(sendError)
  app.setNotFoundHandler(({ method, url }) => {
    throw new LotusError(404, 'not-found', `Nothing answers ${method} ${url}`)
  })

  await app.register(
    async (api: AirlineApp) => {
      registerTime(api, now)
      await api.register(async (signed: AirlineApp) => {
        requireSignatures(signed, { key, secret, now, onReset: system.onReset })
        registerSearches(signed, system, searches, examples)
        registerOffers(signed, system, examples)
        registerReservations(signed, system, examples)
      })
    },
    { prefix: '/v1' },
  )
  return app
}
