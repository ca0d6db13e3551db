import { hash, timingSafeEqual } from 'node:crypto'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import { FanfareError } from '../errors.ts'
import { bodyErrors, problems } from '../openapi/problems.ts'
import { noQuery } from '../schemas/query.ts'
import { ref } from '../schemas/ref.ts'
import {
  BrownOutByAirline,
  ClockMove,
  FaultsByAirline,
  LatencyByAirline,
  ProfileByAirline,
  ResetRequest,
  Scenario,
  ScenarioState,
  SimHeaders,
  WorldAudit,
  WorldBrownOut,
  WorldFaults,
  WorldLatency,
  WorldProfile,
  WorldStatistics,
  WorldTime,
} from '../schemas/simulation.ts'
import { checkScenario, readScenario, ScenarioError } from '../simulation/scenario.ts'
import type { ScenarioPlayer } from '../simulation/scenario-player.ts'
import type { World } from '../simulation/world.ts'

/** What the control plane needs. */
export interface SimulationRouteOptions {
  world: World
  player: ScenarioPlayer
  /** Names of the airlines. */
  airlines: readonly string[]
  /** What callers must send in the header `Fanfare-Sim-Token`; undefined: the control plane is closed. */
  token: string | undefined
}

const tags = ['Simulation']
const querystring = noQuery
const headers = SimHeaders
const refused = problems('simulation_off')
const wrongBody = problems('simulation_off', 'unknown_airline', ...bodyErrors)

/** `/_sim` and what is under it. */
export const simulationRoutes: FastifyPluginAsyncTypebox<SimulationRouteOptions> = async (app, options) => {
  const { world, player, airlines, token } = options
  const isRight = tokenCheck(token)

  app.addHook('onRequest', async ({ headers: sent }) => {
    if (isRight(sent['fanfare-sim-token'])) return
    throw new FanfareError(
      'simulation_off',
      token === undefined
        ? 'The control plane is closed: this gateway has no FANFARE_SIM_TOKEN.'
        : 'The header Fanfare-Sim-Token is missing or is not the token of this gateway.',
    )
  })
  app.addHook('onSend', async (_, reply) => {
    reply.header('cache-control', 'no-store')
  })
  // RFC 9512. JSON needs no parser of its own.
  app.addContentTypeParser(['application/yaml', 'text/yaml'], { parseAs: 'string' }, (request, text, done) => {
    if (request.routeOptions.url !== '/_sim/scenario') {
      done(new FanfareError('unsupported_media_type', 'Only a scenario may be YAML; send application/json.'))
      return
    }
    try {
      done(null, readScenario(String(text), airlines))
    } catch (error) {
      done(
        error instanceof ScenarioError ? toProblem(error) : error instanceof Error ? error : new Error(String(error)),
      )
    }
  })

  app.get(
    '/_sim/clock',
    {
      schema: {
        operationId: 'getClock',
        summary: 'What time is it?',
        description:
          'The time of the world as the gateway and each airline have it. Without a move it is real time; a move outlives restarts.',
        tags,
        headers,
        querystring,
        response: { 200: ref(WorldTime), ...refused },
      },
    },
    () => world.time(),
  )
  app.post(
    '/_sim/clock',
    {
      preValidation: allowNoBody,
      schema: {
        operationId: 'moveClock',
        summary: 'Move or freeze time',
        description:
          'Moves the gateway’s and every airline’s clock forward to the same instant, to go on from there or to stand still: holds lapse, offers expire, days pass. A clock that is later already takes all others with it, since none goes back; only a reset does. What the gateway waits for, retries and measures goes by real time.',
        tags,
        headers,
        querystring,
        body: ref(ClockMove),
        response: { 200: ref(WorldTime), ...problems('simulation_off', ...bodyErrors) },
      },
    },
    ({ body }) => world.moveClock(body),
  )

  app.get(
    '/_sim/faults',
    {
      schema: {
        operationId: 'getFaults',
        summary: 'What goes wrong, and what has',
        description: 'Each airline’s switches, and how often each kind of fault has struck.',
        tags,
        headers,
        querystring,
        response: { 200: ref(WorldFaults), ...refused },
      },
    },
    () => world.faults(),
  )
  app.put(
    '/_sim/faults',
    {
      schema: {
        operationId: 'setFaults',
        summary: 'Make requests go wrong',
        description:
          'Replaces the switches of the airlines that are named. What strikes is drawn from the seed, the airline, the operation, what is asked for and how often it was: the same requests meet the same faults, at any concurrency.',
        tags,
        headers,
        querystring,
        body: FaultsByAirline,
        response: { 200: ref(WorldFaults), ...wrongBody },
      },
    },
    ({ body }) => world.setFaults(body),
  )

  app.get(
    '/_sim/latency',
    {
      schema: {
        operationId: 'getLatency',
        summary: 'How long airlines take',
        description: 'How long each airline keeps its answers back, by operation.',
        tags,
        headers,
        querystring,
        response: { 200: ref(WorldLatency), ...refused },
      },
    },
    () => world.latency(),
  )
  app.put(
    '/_sim/latency',
    {
      schema: {
        operationId: 'setLatency',
        summary: 'Make airlines slow or quick',
        description: 'Replaces the latencies of the airlines that are named.',
        tags,
        headers,
        querystring,
        body: LatencyByAirline,
        response: { 200: ref(WorldLatency), ...wrongBody },
      },
    },
    ({ body }) => world.setLatency(body),
  )

  app.get(
    '/_sim/brown-out',
    {
      schema: {
        operationId: 'getBrownOut',
        summary: 'Which airlines brown out',
        description: 'Each airline’s brown-out, null where there is none.',
        tags,
        headers,
        querystring,
        response: { 200: ref(WorldBrownOut), ...refused },
      },
    },
    () => world.brownOut(),
  )
  app.put(
    '/_sim/brown-out',
    {
      schema: {
        operationId: 'setBrownOut',
        summary: 'Let airlines brown out',
        description:
          'Replaces the brown-out of the airlines that are named: for a while in each period they are slow and fail.',
        tags,
        headers,
        querystring,
        body: BrownOutByAirline,
        response: { 200: ref(WorldBrownOut), ...wrongBody },
      },
    },
    ({ body }) => world.setBrownOut(body),
  )

  app.get(
    '/_sim/profile',
    {
      schema: {
        operationId: 'getProfile',
        summary: 'How airlines behave',
        description: 'Each airline’s profile.',
        tags,
        headers,
        querystring,
        response: { 200: ref(WorldProfile), ...refused },
      },
    },
    () => world.profile(),
  )
  app.put(
    '/_sim/profile',
    {
      schema: {
        operationId: 'setProfile',
        summary: 'Choose how airlines behave',
        description:
          'Sets the profile of the airlines that are named, and with it their latencies, switches and brown-out.',
        tags,
        headers,
        querystring,
        body: ProfileByAirline,
        response: { 200: ref(WorldProfile), ...wrongBody },
      },
    },
    ({ body }) => world.setProfile(body),
  )

  app.get(
    '/_sim/statistics',
    {
      schema: {
        operationId: 'getStatistics',
        summary: 'What airlines were asked',
        description:
          'Requests, faults and latency of each operation at each airline, since its start or the last reset.',
        tags,
        headers,
        querystring,
        response: { 200: ref(WorldStatistics), ...refused },
      },
    },
    () => world.statistics(),
  )
  app.get(
    '/_sim/audit',
    {
      schema: {
        operationId: 'getAudit',
        summary: 'Does everything add up?',
        description:
          'Asks every airline to state its invariants: each seat has one owner, no flight sold more than it has, money taken is that of live orders and fees.',
        tags,
        headers,
        querystring,
        response: { 200: ref(WorldAudit), ...refused },
      },
    },
    () => world.audit(),
  )

  app.post(
    '/_sim/reset',
    {
      preValidation: allowNoBody,
      schema: {
        operationId: 'resetWorld',
        summary: 'Begin again',
        description:
          'Every airline as on a fresh database of its seed, every clock at real time, the scenario stopped, the gateway’s cache empty; with `bookings` its bookings are forgotten, too.',
        tags,
        headers,
        querystring,
        body: ref(ResetRequest),
        response: { 200: ref(WorldTime), ...problems('simulation_off', 'booking_store_unavailable', ...bodyErrors) },
      },
    },
    async ({ body }) => {
      await player.stop()
      return world.reset(body)
    },
  )

  app.get(
    '/_sim/scenario',
    {
      schema: {
        operationId: 'getScenario',
        summary: 'How far is the scenario?',
        description: 'What has happened since its start, and what happens next.',
        tags,
        headers,
        querystring,
        response: { 200: ref(ScenarioState), ...refused },
      },
    },
    async () => player.state(),
  )
  app.put(
    '/_sim/scenario',
    {
      schema: {
        operationId: 'playScenario',
        summary: 'Play a scenario',
        description:
          'Begins to play a timeline in real time, in place of the one that is playing. A step with `for` is undone at its end; steps that overlap add up. The body may also be YAML, sent as `application/yaml`.',
        tags,
        headers,
        querystring,
        body: ref(Scenario),
        response: { 200: ref(ScenarioState), ...problems('simulation_off', ...bodyErrors) },
      },
    },
    async ({ body }) => {
      const wrong = checkScenario(body, airlines)
      if (wrong.length > 0) throw toProblem(new ScenarioError([], wrong))
      return player.play(body)
    },
  )
  app.delete(
    '/_sim/scenario',
    {
      schema: {
        operationId: 'stopScenario',
        summary: 'Stop the scenario',
        description: 'Ends it; every airline behaves again as it did before. Harmless where none is playing.',
        tags,
        headers,
        querystring,
        response: { 200: ref(ScenarioState), ...refused },
      },
    },
    () => player.stop(),
  )
}

/** A body that may be left out is an empty object. */
async function allowNoBody(request: FastifyRequest): Promise<void> {
  request.body ??= {}
}

function toProblem({ message, wrong }: ScenarioError): FanfareError {
  const [first] = wrong
  const detail = message === '' ? `Body: ${first?.path ?? ''} ${first?.message ?? 'is wrong'}` : `Body: ${message}`
  return new FanfareError('invalid_request', detail, { errors: [...wrong] })
}

/** Compares in a time that tells nothing about the token. Without one nothing is right. */
function tokenCheck(token: string | undefined): (sent: unknown) => boolean {
  if (token === undefined) return () => false
  const digest = (text: string) => hash('sha256', text, 'buffer')
  const right = digest(token)
  return (sent) => typeof sent === 'string' && timingSafeEqual(digest(sent), right)
}
