import { join } from 'node:path'
import swagger from '@fastify/swagger'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import Fastify, { LogController } from 'fastify'
import type { Connector } from './airlines/connector.ts'
import { airlines } from './airlines/index.ts'
import { givenConnectors, openConnectors } from './airlines/open-connectors.ts'
import { createBookings } from './booking/bookings.ts'
import { createWorldClock } from './clock.ts'
import type { Config } from './config.ts'
import { FanfareError } from './errors.ts'
import { handleClientError } from './http/client-error.ts'
import { handleError } from './http/error-handler.ts'
import { createRequestGuard, requestId } from './http/request-guard.ts'
import { watchRoutes } from './http/route-table.ts'
import { createValidatorCompiler, toInvalidRequest } from './http/validation.ts'
import { documentOptions } from './openapi/document.ts'
import { createLiveDocument } from './openapi/live-document.ts'
import { airlineRoutes } from './routes/airlines.ts'
import { bookingRoutes } from './routes/bookings.ts'
import { docsRoutes } from './routes/docs.ts'
import { healthRoutes } from './routes/health.ts'
import { itineraryRoutes } from './routes/itinerary.ts'
import { createMetrics, metricsRoutes } from './routes/metrics.ts'
import { placeRoutes } from './routes/places.ts'
import { searchRoutes } from './routes/search.ts'
import { simulationRoutes } from './routes/simulation.ts'
import { components } from './schemas/index.ts'
import { createShopping } from './shopping/shopping.ts'
import { createAirlineControl } from './simulation/airline-control.ts'
import { createFaultRequests } from './simulation/fault-header.ts'
import { createScenarioPlayer } from './simulation/scenario-player.ts'
import { createWorld } from './simulation/world.ts'

/** What a gateway is built from. */
export interface AppOptions {
  config: Config
  /** Milliseconds since the epoch, of real time and of the world; the system's clock, and the world's, unless given. */
  now?: () => number
  /** By airline name; those of the registry unless given. */
  connectors?: ReadonlyMap<string, Connector>
}

/** The whole gateway, ready to listen or to be injected into. Throws when the bookings' store cannot be opened. */
export async function buildApp({ config, now: givenNow, connectors: given }: AppOptions) {
  const now = givenNow ?? Date.now
  const clock = createWorldClock({
    // Where nobody can move it, it is not to be found moved either.
    file: config.simToken === undefined ? null : join(config.dataFolder, 'clock.json'),
    realNow: now,
  })
  const app = Fastify({
    logger: { level: config.logLevel },
    // A line per request costs more than the request on the hot routes; errors are logged where they are answered.
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: 256 * 1024,
    requestTimeout: 30_000,
    return503OnClosing: false,
    genReqId: requestId,
    routerOptions: { maxParamLength: 16_384 },
    frameworkErrors: handleError,
    clientErrorHandler: handleClientError,
    schemaErrorFormatter: toInvalidRequest,
  }).withTypeProvider<TypeBoxTypeProvider>()

  for (const component of components) app.addSchema(component)
  app.setValidatorCompiler(createValidatorCompiler())
  app.setSerializerCompiler(() => JSON.stringify)
  app.setErrorHandler(handleError)
  app.setNotFoundHandler(({ url }) => {
    throw new FanfareError('not_found', `Nothing is at ${url}`)
  })
  app.removeContentTypeParser('text/plain')
  app.addHook('onRequest', createRequestGuard(watchRoutes(app)))

  const { connectors, healthOf, close } = given
    ? givenConnectors(given)
    : openConnectors(airlines, config.airlines, now)
  const { registry, meter, malformedMeter } = createMetrics()
  const shopping = createShopping({
    connectors,
    redisUrl: config.redisUrl,
    settings: {
      searchDeadlineMs: config.searchDeadlineMs,
      freshMs: config.searchFreshMs,
      keepMs: config.searchFreshMs + config.searchStaleMs,
      itineraryDeadlineMs: config.itineraryDeadlineMs,
      atOnce: config.searchesAtOnce,
    },
    now,
    worldNow: clock.now,
    movedAt: clock.movedAt,
    log: app.log,
    meter: malformedMeter,
  })
  const bookings = await createBookings({
    connectors,
    reads: shopping.live,
    databaseFile: join(config.dataFolder, 'gateway.sqlite'),
    databaseUrl: config.databaseUrl,
    timing: {
      deadlineMs: config.bookingDeadlineMs,
      lookUpForMs: config.bookingLookUpMs,
      askAgainMs: config.bookingAskAgainMs,
      leaseMs: config.bookingLeaseMs,
      pollMs: config.bookingPollMs,
      backOffMs: config.bookingBackOffMs,
    },
    meter,
    now,
    worldNow: clock.now,
    log: app.log,
    touched: shopping.touched,
  })
  const names = [...connectors.keys()]
  const faults = createFaultRequests({ airlines: names, isOpen: config.simToken !== undefined })
  const controls = new Map(
    [...config.airlines]
      .filter(([name]) => connectors.has(name))
      .map(([name, { url }]) => [name, createAirlineControl(url, config.simToken ?? '')]),
  )
  const player = createScenarioPlayer(controls)
  const world = createWorld({
    controls,
    clock,
    forgetAnswers: shopping.forget,
    forgetBookings: bookings.clear,
  })

  app.addHook('onReady', async () => bookings.start())
  app.addHook('preClose', async () => {
    await player.stop()
  })
  app.addHook('preClose', () => bookings.stop())
  app.addHook('onClose', async () => {
    await bookings.close()
    shopping.close()
    await close()
  })

  const listed = [...connectors.values()].map(({ airline }) => airline)
  const airlineApis = listed.flatMap(({ name, title }) => {
    const access = config.airlines.get(name)
    return access ? [{ title, url: access.url }] : []
  })

  await app.register(swagger, documentOptions)
  await app.register(searchRoutes, { shopping, faults })
  await app.register(itineraryRoutes, { shopping, faults })
  await app.register(bookingRoutes, { bookings, faults })
  await app.register(placeRoutes)
  await app.register(airlineRoutes, { connectors, healthOf })
  await app.register(healthRoutes, { bookings, connectors, healthOf })
  await app.register(simulationRoutes, { world, player, airlines: names, token: config.simToken })
  await app.register(metricsRoutes, { registry, bookings, now, worldNow: clock.now })
  await app.register(docsRoutes, { airlineApis, document: createLiveDocument(app, listed, clock.now, now) })
  return app
}
