import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type AppOptions, buildApp } from '../../gateway/src/app.ts'
import { loadConfig } from '../../gateway/src/config.ts'

/** A gateway with no airlines and a database of its own in a temporary folder, which goes when the app is closed. */
export async function buildTestApp(options: Partial<AppOptions> & { environment?: Record<string, string> } = {}) {
  const { environment, ...rest } = options
  const dataFolder = mkdtempSync(join(tmpdir(), 'fanfare-gateway-'))
  // How busy the machine is that runs the tests is not what they are about.
  const calm = { LOG_LEVEL: 'silent', EVENT_LOOP_DELAY_MS: '0' }
  const config = loadConfig({ ...calm, FANFARE_DATA: dataFolder, ...environment })
  const app = await buildApp({ config, connectors: new Map(), ...rest })
  app.addHook('onClose', async () => rmSync(dataFolder, { recursive: true, force: true }))
  return app
}
