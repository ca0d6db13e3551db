import { type AirlineApp, type AirlineAppOptions, buildAirlineApp } from '@fanfare/kit'
import { createKeyCheck } from './api-key.ts'
import { SaffronError, sendError } from './errors.ts'
import { bodyExamples, examplesNow, liveExamples } from './examples.ts'
import { essentials, tooManyRequests } from './faults.ts'
import { registerAvailability } from './routes/availability.ts'
import { registerOffers } from './routes/offers.ts'
import { registerOrders } from './routes/orders.ts'
import { components } from './schemas/index.ts'

const description = `The selling API of Saffron Airways (0S), a full-service airline.

1. \`POST /v2/availability\` finds journeys and what they cost in each fare family.
2. \`GET /v2/offers/{offerId}\` and what is under it show one offer as it stands now, its seats and its baggage.
3. \`POST /v2/orders\` sells it, or holds it for 24 hours.

Every call shows its API key in \`X-API-Key\`. Amounts are decimal strings in the currency that the answer names.
Unknown fields are refused. An error says a stable \`code\`, what was wrong, and a \`traceId\` for support.
`

/** Saffron Airways' service. */
export async function buildApp(options: AirlineAppOptions): Promise<AirlineApp> {
  const { system, key } = options
  const examples = examplesNow(system)
  const bodies = bodyExamples(examples)
  const app = await buildAirlineApp({
    ...options,
    essentials,
    tooManyRequests,
    title: 'Saffron Airways',
    description,
    tags: [
      { name: 'Shopping', description: 'What can be sold: flights, fares, seats, baggage' },
      { name: 'Orders', description: 'Sell, hold, pay, read and cancel' },
    ],
    // The key stands as a header of each operation, so that an example carries it and can be sent as it is.
    security: [],
    examples: liveExamples(system, examples),
  })
  for (const schema of components) {
    const body = bodies[schema.$id]
    app.addSchema(body === undefined ? schema : { ...schema, examples: [body] })
  }
  app.setErrorHandler(sendError)
  app.setNotFoundHandler(({ method, url }) => {
    throw new SaffronError(404, 'RESOURCE_NOT_FOUND', `Nothing answers ${method} ${url}`)
  })

  const isRightKey = createKeyCheck(key)
  await app.register(
    async (api: AirlineApp) => {
      api.addHook('onRequest', (request, _reply, done) => {
        const allowed = isRightKey(request.headers['x-api-key'])
        done(allowed ? undefined : new SaffronError(401, 'API_KEY_REJECTED', 'Show a valid key in X-API-Key'))
      })
      registerAvailability(api, system)
      registerOffers(api, system, examples)
      registerOrders(api, system, examples)
    },
    { prefix: '/v2' },
  )
  return app
}
