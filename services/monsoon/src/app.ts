import { type AirlineApp, type AirlineAppOptions, buildAirlineApp } from '@fanfare/kit'
import { createAuthorizeHook } from './authorize.ts'
import { createErrorHandler, notFoundHandler } from './errors.ts'
import { bodyExamples, examplesNow, liveExamples, tokenPath } from './examples.ts'
import { essentials, tooManyRequests } from './faults.ts'
import { createRateLimiter, defaultRateLimit, type RateLimit } from './rate-limit.ts'
import { bookingRoutes } from './routes/bookings.ts'
import { flightRoutes } from './routes/flights.ts'
import { tokenRoutes } from './routes/token.ts'
import { components } from './schemas/index.ts'
import { createTokenIssuer } from './tokens.ts'

/** What Monsoon's app is built from. */
export interface MonsoonOptions extends AirlineAppOptions {
  /** Of every client; null: none. Left out: defaultRateLimit. */
  rateLimit?: RateLimit | null
}

const description = `The selling API of Monsoon (0U), a low-cost airline: one cabin, and a seat, a bag or a change of plans each at its price.

1. \`POST /oauth/token\` gives a bearer token for five minutes (OAuth2 client credentials). Here: **Authorize**, then client id \`fanfare\` and secret \`fanfare-secret\`, unless the service was started with others.
2. \`POST /api/v1/flights/search\` finds journeys with their fares; the \`fare_key\` of a fare names it in every other call.
3. \`POST /api/v1/quotes\`, \`GET /api/v1/flights/seats\` and \`GET /api/v1/extras\` say what it costs now, and what can go with it.
4. \`POST /api/v1/bookings\` sells it at once: Monsoon holds nothing. A booking can be cancelled against a fee.

Amounts are whole minor units (paise of a rupee). Each client may make so many requests a second: \`RateLimit-Limit\` says how many at once, \`RateLimit-Remaining\` how many are left, \`RateLimit-Reset\` in how many seconds all are back. Beyond that the answer is 429 with \`Retry-After\`. Asking for a token does not count.`

/** Monsoon's service. */
export async function buildApp({ rateLimit = defaultRateLimit, ...options }: MonsoonOptions): Promise<AirlineApp> {
  const { system, key, secret } = options
  const { carrier, clock } = system
  const examples = examplesNow(system)
  const app = await buildAirlineApp({
    ...options,
    essentials,
    tooManyRequests,
    title: carrier.title,
    description,
    tags: [
      { name: 'Sign-in', description: 'Tokens' },
      { name: 'Flights', description: 'Looking; changes nothing' },
      { name: 'Bookings', description: 'Selling, reading and cancelling' },
    ],
    securitySchemes: {
      client: {
        type: 'oauth2',
        description: 'OAuth2 client credentials (RFC 6749, section 4.4)',
        flows: { clientCredentials: { tokenUrl: tokenPath, scopes: {} } },
      },
    },
    security: [{ client: [] }],
    examples: liveExamples(system, examples),
  })
  const bodies = bodyExamples(examples)
  for (const schema of components) {
    const body = bodies[schema.$id]
    app.addSchema(body === undefined ? schema : { ...schema, examples: [body] })
  }
  app.setErrorHandler(createErrorHandler(carrier))
  app.setNotFoundHandler(notFoundHandler)

  const issuer = createTokenIssuer(clock.now)
  system.onReset(issuer.revokeAll)
  await app.register(tokenRoutes, { issuer, clientId: key, clientSecret: secret })
  await app.register(
    async (api: AirlineApp) => {
      api.addHook('onRequest', createAuthorizeHook(issuer, rateLimit === null ? null : createRateLimiter(rateLimit)))
      flightRoutes(api, system, examples)
      bookingRoutes(api, system, examples)
    },
    { prefix: '/api/v1' },
  )
  return app
}
