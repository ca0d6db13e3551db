import { hash, timingSafeEqual } from 'node:crypto'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyError } from 'fastify'
import type { AirlineSystem } from '../airline-system.ts'
import type { Clock } from '../clock.ts'
import { ControlError, readBrownOut, readFaults, readLatency, readMove } from './control-bodies.ts'
import { BrownOutBody, ClockMove, FaultList, LatencyBody, ProfileBody } from './control-schemas.ts'

/** What the control plane stands on. */
export interface ControlPlaneOptions {
  system: AirlineSystem
  /** What callers must show in the header `Fanfare-Sim-Token`. */
  token: string
}

const hide = true

/**
 * The simulation's own API: time, faults, latencies, statistics, orders, audit, reset. It is no part of an airline's API, so no
 * description shows it.
 */
export const controlPlane: FastifyPluginAsyncTypebox<ControlPlaneOptions> = async (app, { system, token }) => {
  const { clock, simulation } = system
  const isRight = tokenCheck(token)

  // The dialect's handler speaks the dialect; the control plane speaks plain JSON at every airline.
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    const status = error instanceof ControlError ? 400 : (error.statusCode ?? 500)
    if (status >= 500) request.log.error(error)
    return reply.code(status).send({ error: status >= 500 ? 'internal error' : describe(error) })
  })

  app.addHook('onRequest', async (request, reply) => {
    if (!isRight(request.headers['fanfare-sim-token'])) {
      return reply.code(401).send({ error: 'the header Fanfare-Sim-Token is missing or wrong' })
    }
  })

  app.get('/clock', { schema: { hide } }, () => timeOf(clock))

  app.post('/clock', { schema: { hide, body: ClockMove } }, ({ body }) => {
    const { byMs, frozen } = readMove(body, clock.now())
    if (byMs > 0) clock.advance(byMs)
    if (frozen !== undefined) clock.freeze(frozen)
    return timeOf(clock)
  })

  app.post('/reset', { schema: { hide } }, () => {
    system.reset()
    return timeOf(clock)
  })

  app.get('/orders', { schema: { hide } }, () => ({ orders: system.orders() }))

  app.get('/audit', { schema: { hide } }, () => {
    const checks = system.audit()
    return { holds: checks.every((check) => check.holds), checks }
  })

  if (simulation === undefined) return
  const { statistics } = simulation
  const faults = () => ({ faults: simulation.faults(), struck: statistics.struck() })
  const latency = () => ({ latency: simulation.latency() })
  const brownOut = () => ({ brownOut: simulation.brownOut() })
  const profile = () => ({ profile: simulation.profile() })

  app.get('/faults', { schema: { hide } }, faults)
  app.put('/faults', { schema: { hide, body: FaultList } }, ({ body }) => {
    simulation.setFaults(readFaults(body.faults))
    return faults()
  })

  app.get('/latency', { schema: { hide } }, latency)
  app.put('/latency', { schema: { hide, body: LatencyBody } }, ({ body }) => {
    simulation.setLatency(readLatency(body.latency))
    return latency()
  })

  app.get('/brown-out', { schema: { hide } }, brownOut)
  app.put('/brown-out', { schema: { hide, body: BrownOutBody } }, ({ body }) => {
    simulation.setBrownOut(readBrownOut(body.brownOut))
    return brownOut()
  })

  app.get('/profile', { schema: { hide } }, profile)
  app.put('/profile', { schema: { hide, body: ProfileBody } }, ({ body }) => {
    simulation.setProfile(body.profile)
    return profile()
  })

  app.get('/statistics', { schema: { hide } }, () => ({ operations: statistics.read() }))
}

function timeOf(clock: Clock) {
  const epochMs = clock.now()
  return { now: new Date(epochMs).toISOString(), epochMs, frozen: clock.state().frozenAt !== null }
}

/** Names the field that is not known. */
function describe({ validation, message }: FastifyError): string {
  const unknown = validation?.find(({ keyword }) => keyword === 'additionalProperties')
  return unknown === undefined
    ? message
    : `body${unknown.instancePath} has an unknown field ${String(unknown.params.additionalProperty)}`
}

/** Compares in a time that tells nothing about the token. */
function tokenCheck(token: string): (shown: unknown) => boolean {
  const digest = (text: string) => hash('sha256', text, 'buffer')
  const right = digest(token)
  return (shown) => typeof shown === 'string' && timingSafeEqual(digest(shown), right)
}
