import { type AirlineApp, type AirlineAppOptions, buildAirlineApp } from '@fanfare/kit'
import { description } from './description.ts'
import { liveExamples } from './examples.ts'
import { essentials, tooManyRequests } from './faults.ts'
import { registerMessages } from './routes.ts'

/** Banyan Air's service. */
export async function buildApp(options: AirlineAppOptions): Promise<AirlineApp> {
  const { system, key } = options
  const examples = liveExamples(system)
  const app = await buildAirlineApp({
    ...options,
    title: 'Banyan Air',
    description,
    tags: [
      { name: 'Shopping', description: 'What can be sold: flights, fares, seats, baggage' },
      { name: 'Orders', description: 'Sell, hold, pay, read and cancel' },
    ],
    // The key stands as a header of each operation, so that an example carries it and can be sent as it is.
    security: [],
    examples,
    essentials,
    tooManyRequests,
  })
  await app.register((api: AirlineApp) => registerMessages(api, { system, key, examples: examples.initial }), {
    prefix: '/ndc/21.3',
  })
  return app
}
