import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { type Browser, chromium } from 'playwright-core'

/** Path of Chromium: CHROME_PATH, or chromium on PATH; null, and said, without one, which with CI=true is an error. */
export function findChromium(): string | null {
  const onPath = (process.env.PATH ?? '')
    .split(delimiter)
    .flatMap((folder) => ['chromium', 'chromium-browser', 'google-chrome'].map((name) => join(folder, name)))
  const found = [process.env.CHROME_PATH ?? '', ...onPath].find((path) => path !== '' && isExecutable(path))
  if (found !== undefined) return found
  const wanted = 'Chromium: CHROME_PATH, or chromium on PATH'
  if (process.env.CI === 'true') throw new Error(`With CI=true the suite in a browser must run: it needs ${wanted}.`)
  console.warn(`Skipped: this suite needs ${wanted}.`)
  return null
}

/** Starts Chromium without a window. */
export function openBrowser(path: string): Promise<Browser> {
  // Chromium's own sandbox refuses to run as root, as containers and CI do.
  return chromium.launch({ executablePath: path, chromiumSandbox: process.getuid?.() !== 0 })
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
