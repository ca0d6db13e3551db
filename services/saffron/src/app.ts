import { type AirlineApp, type AirlineAppOptions, buildAirlineApp } from '@fanfare/kit'
import { createKeyCheck } from './api-key.ts'
import { SaffronError, sendError } from './errors.ts'
import { registerAvailability } from './routes/availability.ts'
import { registerOffers } from './routes/offers.ts'
import { registerOrders } from './routes/orders.ts'
import { components } from './schemas/index.ts'

/** Saffron Airways' service. */
export async function buildApp(options: AirlineAppOptions): Promise<AirlineApp> {
  const { system, key } = options
  const app = await buildAirlineApp({
    ...options,
    title: 'Saffron Airways',
    description:
      'The selling API of Saffron Airways (0S), a full-service airline: availability by journey and fare family, seat maps, baggage by weight, orders with 24-hour holds. Every call carries the API key in `X-API-Key`. Amounts are decimal strings in Indian rupees.',
  })
  for (const schema of components) app.addSchema(schema)
  app.setErrorHandler(sendError)

  const isRightKey = createKeyCheck(key)
  await app.register(
    async (api: AirlineApp) => {
      api.addHook('onRequest', (request, _reply, done) => {
        const allowed = isRightKey(request.headers['x-api-key'])
        done(allowed ? undefined : new SaffronError(401, 'API_KEY_REJECTED', 'Show a valid key in X-API-Key'))
      })
      registerAvailability(api, system)
      registerOffers(api, system)
      registerOrders(api, system)
    },
    { prefix: '/v2' },
  )
  return app
}
