import { setTimeout as pause } from 'node:timers/promises'
import closeWithGrace from 'close-with-grace'
import { buildApp } from './app.ts'
import { ConfigError, loadConfig } from './config.ts'
import { createStanding } from './edge/standing.ts'
import { FanfareError } from './errors.ts'

/** How long the gateway may take to close before it is ended, in milliseconds; a second signal ends it at once. */
const closeWithinMs = 15_000

/** Starts the gateway and stops it when told to. */
async function main(): Promise<void> {
  const config = loadConfig()
  const standing = createStanding()
  const app = await buildApp({ config, standing })
  const delay = config.shutdownDrainMs + closeWithinMs
  closeWithGrace({ delay, logger: false }, async ({ err }) => {
    standing.stop()
    if (err) app.log.fatal({ err }, 'stopped by an error that nothing caught')
    else await pause(config.shutdownDrainMs)
    await app.close()
  })
  const { port, host } = config
  const url = await app.listen({ port, host })
  console.log(`Fanfare gateway at ${url}, docs at ${url}/docs`)
}

/** Why it cannot start, in a line where the reason is a known one. */
function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error instanceof ConfigError) return error.message
  if (error instanceof FanfareError && error.code === 'booking_store_unavailable') {
    return `the store of bookings cannot be opened: ${explainCause(error.options.cause)}`
  }
  if (!('code' in error)) return error.stack ?? error.message
  const { port, host } = loadConfig()
  switch (error.code) {
    case 'EADDRINUSE':
      return `port ${port} on ${host} is taken; set PORT to a free one`
    case 'EACCES':
      return `port ${port} may not be used; set PORT to one above 1023`
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `${host} is no address of this machine; set HOST to another`
    default:
      return error.stack ?? error.message
  }
}

function explainCause(cause: unknown): string {
  if (cause instanceof AggregateError) return cause.errors.map(explainCause).join('; ')
  return cause instanceof Error ? cause.message : String(cause)
}

main().catch((error: unknown) => {
  console.error(`The gateway cannot start: ${explain(error)}`)
  process.exit(1)
})
