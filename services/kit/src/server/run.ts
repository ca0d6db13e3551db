import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import closeWithGrace from 'close-with-grace'
import type { FastifyInstance } from 'fastify'
import { pino } from 'pino'
import { type AirlineSystem, openAirlineSystem } from '../airline-system.ts'
import { createClock } from '../clock.ts'
import { withSimulation } from '../faults/faulty-system.ts'
import { createSimulation } from '../faults/simulation.ts'
import type { Carrier } from '../world/types.ts'
import type { AirlineAppOptions } from './app.ts'
import { type AirlineConfig, readAirlineConfig } from './config.ts'

/** An airline's program. */
export interface AirlineProgram {
  carrier: Carrier
  /** `setting` reads a variable of the airline's own, by its name without the airline's: RATE_LIMIT is <NAME>_RATE_LIMIT; undefined when unset or empty. */
  buildApp(
    options: AirlineAppOptions,
    setting: (name: string) => string | undefined,
  ): Promise<Pick<FastifyInstance, 'listen' | 'close'>>
}

/** Requests in flight have so long to end once the process is told to stop. */
const graceMs = 5_000

/**
 * Runs an airline until SIGTERM or SIGINT, configured by the environment: PORT, HOST, FANFARE_DATA, FANFARE_SEED,
 * FANFARE_SIM_TOKEN, FANFARE_PROFILE, LOG_LEVEL, <NAME>_KEY, <NAME>_SECRET, <NAME>_LIE_RATE and FANFARE_LIE_RATE. Once it listens it logs one line with `url`, at any level
 * but silent. When it cannot start it says why in one line and sets exit code 1.
 */
export async function runAirline({ carrier, buildApp }: AirlineProgram): Promise<void> {
  let system: AirlineSystem | undefined
  try {
    const config = readAirlineConfig(carrier.name, process.env)
    system = open(carrier, config)
    const { key, secret, simToken, logLevel, lieRate } = config
    const setting = (variable: string) => process.env[`${carrier.name.toUpperCase()}_${variable}`] || undefined
    const app = await buildApp({ system, key, secret, simToken, logLevel, lieRate }, setting)
    await serve(carrier, config, system, app)
  } catch (error) {
    system?.close()
    process.stderr.write(`${carrier.name}: ${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = 1
  }
}

function open(carrier: Carrier, { dataFolder, seed, simToken, profile }: AirlineConfig): AirlineSystem {
  try {
    mkdirSync(dataFolder, { recursive: true })
  } catch (error) {
    throw new Error(`cannot make the data folder ${dataFolder}: set FANFARE_DATA to another`, { cause: error })
  }
  const database = join(dataFolder, `${carrier.name}.sqlite`)
  const system = openAirlineSystem({ carrier, seed, clock: createClock(), database })
  if (simToken === undefined && profile === 'instant') return system
  return withSimulation(system, createSimulation({ seed, airline: carrier.name, profile }))
}

async function serve(
  carrier: Carrier,
  { port, host, logLevel }: AirlineConfig,
  system: AirlineSystem,
  app: Pick<FastifyInstance, 'listen' | 'close'>,
): Promise<void> {
  const url = await app.listen({ port, host }).catch(async (error: unknown) => {
    await app.close()
    throw listenError(error, host, port)
  })
  const log = pino({ name: carrier.name, level: logLevel === 'silent' ? 'silent' : 'info' })
  closeWithGrace({ delay: graceMs, logger: log }, async ({ err, signal }) => {
    if (err) log.fatal(err, 'stopping after an error that nothing caught')
    await app.close()
    system.close()
    log.info({ signal }, `${carrier.title} has stopped`)
  })
  log.info({ url }, `${carrier.title} is ready`)
}

function listenError(error: unknown, host: string, port: number): Error {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  switch (code) {
    case 'EADDRINUSE':
      return new Error(`port ${port} on ${host} is taken: set PORT (AIRLINE_PORT_BASE for npm start) to another`)
    case 'EACCES':
      return new Error(`this user may not listen on port ${port}: set PORT to one above 1023`)
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new Error(`${host} is no address of this machine: set HOST to another`)
    default:
      return error instanceof Error ? error : new Error(String(error))
  }
}
