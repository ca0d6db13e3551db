import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { airlines as registry } from '../../gateway/src/airlines/index.ts'
import type { Results } from '../../load/src/report/results.ts'
import { findChromium, openBrowser } from '../support/browser.ts'
import { createSystem, type Running } from '../support/system.ts'
import { until } from '../support/until.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const system = createSystem()
const reports = mkdtempSync(join(tmpdir(), 'fanfare-load-'))
const chromium = findChromium()
let gateway: Running

beforeAll(async () => {
  const airlines = await Promise.all(registry.map(({ airline: { name } }) => system.startAirline(name)))
  gateway = await system.startGateway(airlines)
  const { folder, ended, output } = start('first', busy)
  expect(await ended, output()).toBe(0)
  results = resultsIn(folder)
}, 120_000)
afterAll(async () => {
  await system.close()
  rmSync(reports, { recursive: true, force: true })
})

/** Starts the load generator; `ended` resolves with its exit code. */
function start(name: string, args: readonly string[]) {
  const folder = join(reports, name)
  const child = spawn(
    process.execPath,
    ['load/main.ts', '--url', gateway.url, '--sim-token', 'control', '--reports', folder, ...args],
    {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text))
  const ended = new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve))
  return { child, folder, output: () => output, ended }
}

/** The only file of this kind in a folder of reports. */
function fileIn(folder: string, ending: string): string {
  const files = readdirSync(folder).filter((name) => name.endsWith(ending))
  expect(files.length).toBe(1)
  return join(folder, files[0] ?? '')
}

function resultsIn(folder: string): Results {
  return JSON.parse(readFileSync(fileIn(folder, '.json'), 'utf8'))
}

const busy = ['sale', '--rate', '4', '--duration', '6s', '--look-to-book', '2', '--seed', 'e2e']

let results: Results

describe('the load generator against a real system', () => {
  const booked = () => Object.values(results.bookings).reduce((sum, count) => sum + count, 0)

  it('searches, looks, books, pays and cancels, and finds every answer right', () => {
    const { totals, steps, faults } = results
    expect(faults).toEqual([])
    expect(totals.wrong).toBe(0)
    expect(totals.searches).toBeGreaterThan(5)
    expect(booked()).toBeGreaterThan(0)
    for (const step of ['search', 'itinerary', 'book', 'read']) {
      expect(steps.find((one) => one.step === step)?.right, step).toBeGreaterThan(0)
    }
    for (const one of steps) {
      expect(one.due).toBe(one.answered + one.unanswered + one.notSent + one.unfinished)
      expect(one.answered).toBe(one.right + one.refused + one.failed + one.wrong)
    }
  })

  it('sends the searches that the plan has, and no others', async () => {
    const { output, ended } = start('plan', [...busy, '--plan', '1000'])
    expect(await ended).toBe(0)
    const plan = output().trim().split('\n')
    expect(results.totals.searches).toBe(plan.length)
    const again = start('plan', [...busy, '--plan', '1000'])
    await again.ended
    expect(again.output()).toBe(output())
  })

  it('sees each airline’s part, where the cache answered, and how the gateway fared', () => {
    expect(results.airlines.map(({ name }) => name).sort()).toEqual(registry.map(({ airline }) => airline.name).sort())
    const cached = results.intervals.flatMap(({ cache }) => Object.entries(cache))
    expect(cached.filter(([tier, count]) => tier === 'unknown' && count > 0)).toEqual([])
    expect(
      results.gateway.some(({ rssBytes, eventLoopP99Ms }) => (rssBytes ?? 0) > 1e7 && eventLoopP99Ms !== null),
    ).toBe(true)
  })

  it('has every airline audit itself, and reads every booking again', () => {
    const { airlines, missing, bookings } = results.audit
    expect(missing).toBeNull()
    expect(airlines.length).toBe(registry.length)
    expect(airlines.every(({ holds, invariants }) => holds && invariants > 5)).toBe(true)
    expect(bookings).toEqual({ read: booked(), violations: [] })
  })

  it('ends with 1 when an objective is missed, and says which', async () => {
    const { ended, output } = start('missed', [
      '--rate',
      '3',
      '--duration',
      '2',
      '--slo',
      'p50=0.001ms,errors=100%',
      '--no-report',
    ])
    expect(await ended).toBe(1)
    expect(output()).toMatch(/MISSED {2}p50=0.001ms/)
    expect(output()).toMatch(/met {5}errors=100%/)
  })

  it('ends with the report so far on Ctrl-C', async () => {
    const { child, folder, ended, output } = start('stopped', ['--rate', '3', '--duration', '10m'])
    await until('it has told how it goes', () => output().includes('searches/s of 3'))
    child.kill('SIGINT')
    expect(await ended, output()).toBe(0)
    const { interrupted, seconds, totals } = resultsIn(folder)
    expect(interrupted).toBe(true)
    expect(seconds).toBeLessThan(600)
    expect(totals.searches).toBeGreaterThan(0)
  })

  it('says plainly that nothing answers', async () => {
    const { ended, output } = start('nowhere', ['--url', 'http://127.0.0.1:9'])
    expect(await ended).toBe(2)
    expect(output()).toContain('Start everything with npm start')
  })

  describe.skipIf(chromium === null)('its report in a browser', () => {
    const faults: string[] = []
    let browser: Browser
    let page: Page

    beforeAll(async () => {
      browser = await openBrowser(chromium ?? '')
      page = await browser.newPage({ colorScheme: 'light' })
      page.on('pageerror', (error) => faults.push(error.message))
      page.on('console', (message) => faults.push(message.text()))
      page.on('request', (request) => {
        if (!request.url().startsWith('file:') && !request.url().startsWith('data:')) faults.push(request.url())
      })
      await page.goto(pathToFileURL(fileIn(join(reports, 'first'), '.html')).href)
    })
    afterAll(() => browser?.close())

    it('shows every picture, each with data that can be seen', async () => {
      const ids = await page.locator('figure').evaluateAll((figures) => figures.map(({ id }) => id))
      expect(ids.slice(0, 8)).toEqual([
        'latency-over-time',
        'latency-histogram',
        'rates',
        'airlines',
        'cache-tiers',
        'gateway-event-loop',
        'gateway-memory',
        'gateway-cpu',
      ])
      for (const id of ids) {
        const drawn = page.locator(`#${id} svg > path, #${id} svg > rect`)
        expect(await drawn.count(), id).toBeGreaterThan(0)
        const boxes = await Promise.all((await drawn.all()).map((one) => one.boundingBox()))
        const frame = await page.locator(`#${id} svg`).boundingBox()
        expect(
          boxes.some((box) => Math.max(box?.width ?? 0, box?.height ?? 0) > 20),
          id,
        ).toBe(true)
        for (const box of boxes) {
          if (!box || !frame) continue
          expect(box.x, id).toBeGreaterThanOrEqual(frame.x - 2)
          expect(box.x + box.width, id).toBeLessThanOrEqual(frame.x + frame.width + 2)
          expect(box.y + box.height, id).toBeLessThanOrEqual(frame.y + frame.height + 2)
        }
      }
    })

    it('says what the figures say', async () => {
      const text = await page.locator('main').textContent()
      for (const said of [results.title, results.seed, results.configHash, results.machine])
        expect(text).toContain(said)
    })

    it('is dark where the reader wishes it, and fits a telephone', async () => {
      const background = () => page.evaluate('getComputedStyle(document.body).backgroundColor')
      const light = await background()
      await page.emulateMedia({ colorScheme: 'dark' })
      expect(await background()).not.toBe(light)
      await page.setViewportSize({ width: 390, height: 800 })
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390)
    })

    it('raises no fault in the page, and asks for nothing', () => {
      expect(faults).toEqual([])
    })
  })
})
