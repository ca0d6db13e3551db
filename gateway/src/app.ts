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
import { watchConnections } from './edge/connections.ts'
import { createGate } from './edge/gate.ts'
import { defaultLimits, type HttpLimits, serverOptions } from './edge/limits.ts'
import { refuseUnderPressure } from './edge/pressure.ts'
import { limitRate } from './edge/rate-limit.ts'
import { createStanding, type Standing } from './edge/standing.ts'
import { FanfareError } from './errors.ts'
import { createClientErrorHandler } from './http/client-error.ts'
import { handleError } from './http/error-handler.ts'
import { createRequestGuard, requestId } from './http/request-guard.ts'
import { watchRoutes } from './http/route-table.ts'
import { createValidatorCompiler, toInvalidRequest } from './http/validation.ts'
import {
  bookingCallsGauge,
  connectionsGauge,
  createGauge,
  extraCallsGauge,
  searchesGauge,
  standingGauge,
} from './metrics/gauges.ts'
import { createMetrics } from './metrics/metrics.ts'
import { measureRequests } from './metrics/requests.ts'
import { createWaitingGauge } from './metrics/upstream.ts'
import { documentOptions } from './openapi/document.ts'
import { createLiveDocument } from './openapi/live-document.ts'
import { airlineRoutes } from './routes/airlines.ts'
import { bookingRoutes } from './routes/bookings.ts'
import { docsRoutes } from './routes/docs.ts'
import { healthRoutes } from './routes/health.ts'
import { itineraryRoutes } from './routes/itinerary.ts'
import { createKnownSearches } from './routes/known-searches.ts'
import { metricsRoutes } from './routes/metrics.ts'
import { placeRoutes } from './routes/places.ts'
import { searchRoutes } from './routes/search.ts'
import { createShortcut } from './routes/shortcut.ts'
import { simulationRoutes } from './routes/simulation.ts'
import { components } from './schemas/index.ts'
import { createShopping } from './shopping/shopping.ts'
import { createAirlineControl } from './simulation/airline-control.ts'
import { createFaultRequests } from './simulation/fault-header.ts'
import { createScenarioPlayer } from './simulation/scenario-player.ts'
import { createWorld } from './simulation/world.ts'
import { orderedFault } from './upstream/instructions.ts'

/** What a gateway is built from. */
export interface AppOptions {
  config: Config
  /** Milliseconds since the epoch, of real time and of the world; the system's clock, and the world's, unless given. */
  now?: () => number
  /** By airline name; those of the registry unless given. */
  connectors?: ReadonlyMap<string, Connector>
  /** Told when the gateway is to stop; one that is told by closing the app unless given. */
  standing?: Standing
  /** What differs from the usual limits. */
  limits?: Partial<HttpLimits>
}

/** The whole gateway, ready to listen or to be injected into. Throws when the bookings' store cannot be opened. */
export async function buildApp(options: AppOptions) {
  const { config, now = Date.now, connectors: given, standing = createStanding() } = options
  const limits = { ...defaultLimits, ...options.limits }
  const names = given ? [...given.keys()] : airlines.map(({ airline }) => airline.name)
  const { registry, ...meters } = createMetrics(names)
  const clock = createWorldClock({
    // Where nobody can move it, it is not to be found moved either.
    file: config.simToken === undefined ? null : join(config.dataFolder, 'clock.json'),
    realNow: now,
  })
  const app = Fastify({
    logger: { level: config.logLevel },
    // A line per request costs more than the request on the hot routes; errors are logged where they are answered.
    logController: new LogController({ disableRequestLogging: true }),
    ...serverOptions(limits),
    trustProxy: config.trustProxy ?? false,
    return503OnClosing: false,
    genReqId: requestId,
    routerOptions: { maxParamLength: 16_384 },
    frameworkErrors: handleError,
    clientErrorHandler: createClientErrorHandler(meters.edge),
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
  const requests = measureRequests(app, registry)
  app.addHook('onRequest', createGate({ limits, standing, meter: meters.edge }))
  const isLate = await refuseUnderPressure(app, { eventLoopDelayMs: config.eventLoopDelayMs, meter: meters.edge })
  await limitRate(app, {
    perMinute: config.rateLimitPerMinute,
    redisUrl: config.redisUrl,
    now,
    meter: meters.edge,
  })
  app.addHook('onRequest', createRequestGuard(watchRoutes(app)))
  const connections = watchConnections(app.server, limits, meters.edge)

  const { connectors, healthOf, extraCallsLeft, callsWaiting, close } = given
    ? givenConnectors(given)
    : openConnectors(airlines, {
        access: config.airlines,
        policies: config.airlinePolicies,
        meter: meters.upstream,
        log: app.log,
        now,
        isStaged: (airline) => orderedFault(airline, true) !== undefined,
      })
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
    meter: meters.shopping,
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
    mostAtOnce: config.bookingsAtOnce,
    meter: meters.booking,
    now,
    worldNow: clock.now,
    log: app.log,
    touched: shopping.touched,
  })
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
    standing.stop()
    await player.stop()
    await Promise.all([bookings.stop(), app.server.listening && connections.finish()])
  })
  app.addHook('onClose', async () => {
    await bookings.close()
    shopping.close()
    await close()
  })

  createGauge(registry, standingGauge, () => (standing.isStopping() ? 1 : 0))
  createGauge(registry, connectionsGauge, connections.open)
  createGauge(registry, searchesGauge, shopping.inProgress)
  createGauge(registry, bookingCallsGauge, bookings.inProgress)
  createGauge(registry, extraCallsGauge, () => extraCallsLeft() ?? 0)
  createWaitingGauge(registry, names, callsWaiting)

  const listed = [...connectors.values()].map(({ airline }) => airline)
  const airlineApis = listed.flatMap(({ name, title }) => {
    const access = config.airlines.get(name)
    return access ? [{ title, url: access.url }] : []
  })

  await app.register(swagger, documentOptions)
  const known = createKnownSearches(shopping)
  await app.register(searchRoutes, { shopping, known, faults, meter: meters.shopping })
  await app.register(itineraryRoutes, { shopping, faults })
  await app.register(bookingRoutes, { bookings, faults })
  await app.register(placeRoutes)
  await app.register(airlineRoutes, { connectors, healthOf, extraCallsLeft })
  await app.register(healthRoutes, { standing, bookings, connectors, healthOf })
  await app.register(simulationRoutes, { world, player, airlines: names, token: config.simToken })
  await app.register(metricsRoutes, { registry, bookings, now, worldNow: clock.now })
  await app.register(docsRoutes, { airlineApis, document: createLiveDocument(app, listed, clock.now, now) })

  // An allowance has to be counted, and told of in headers.
  if (config.rateLimitPerMinute === 0) {
    const shortcut = createShortcut({
      shopping,
      known,
      meter: meters.shopping,
      isCalm: () => !standing.isStopping() && !isLate(),
      headers: limits.headers,
      count: requests.measure('/v1/search', 'GET', [200, 304]),
    })
    app.server.removeAllListeners('request').on('request', (request, response) => {
      if (!shortcut(request, response)) app.routing(request, response)
    })
  }
  return app
}
