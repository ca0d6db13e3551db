import closeWithGrace from 'close-with-grace'
import { buildApp } from './app.ts'
import { ConfigError, loadConfig } from './config.ts'

/** Starts the gateway and stops it when told to. Exits with 1 and one clear line when it cannot start. */
async function main(): Promise<void> {
  const config = loadConfig()
  const app = await buildApp({ config })
  closeWithGrace({ delay: 10_000, logger: false }, async ({ err }) => {
    if (err) app.log.fatal({ err }, 'stopped by an error that nothing caught')
    await app.close()
  })
  const url = await app.listen({ port: config.port, host: config.host })
  console.log(`Fanfare gateway at ${url}, docs at ${url}/docs`)
}

function explain(error: unknown): string {
  if (error instanceof ConfigError) return error.message
  if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
    return 'Another program has this port; set PORT to a free one'
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

main().catch((error: unknown) => {
  console.error(`The gateway cannot start: ${explain(error)}`)
  process.exit(1)
})
