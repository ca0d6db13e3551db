import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { airlines } from '../../gateway/src/airlines/index.ts'
import type { SearchResult } from '../../gateway/src/schemas/search.ts'
import { findChromium, openBrowser } from '../support/browser.ts'
import { createHome } from '../support/fanfare.ts'
import { parseAs } from '../support/schema-check.ts'

const chromium = findChromium()

describe.skipIf(chromium === null)('the Swagger UI in a browser', () => {
  const home = createHome()
  const faults: string[] = []
  let browser: Browser
  let page: Page

  beforeAll(async () => {
    const [fanfare, opened] = await Promise.all([home.start(), openBrowser(chromium ?? '')])
    browser = opened
    page = await browser.newPage()
    page.setDefaultTimeout(20_000)
    page.on('pageerror', (error) => faults.push(`page: ${error.message}`))
    page.on('console', (message) => {
      if (message.type() === 'error') faults.push(`console: ${message.text()}`)
    })
    await page.goto(`${fanfare.url}/docs`)
  })
  afterAll(async () => {
    await browser?.close()
    await home.close()
  })

  it('searches with the example as it stands, and shows offers', async () => {
    const result = await execute('searchFlights', '/v1/search')
    expect(result.status).toBe(200)
    const { slices, complete } = parseAs<SearchResult>('SearchResult', JSON.parse(result.body))
    expect(complete).toBe(true)
    expect(slices[0]?.offers.length).toBeGreaterThan(0)
  })

  it('prices and books with the examples as they stand', async () => {
    expect(await execute('getItinerary', '/v1/itinerary')).toMatchObject({ status: 200 })
    const booked = await execute('createBooking', '/v1/bookings')
    expect(booked.status, booked.body).toBe(201)
    expect(booked.body).toContain('"confirmed"')
  })

  it('offers each airline’s own description in its drop-down', async () => {
    const choice = page.locator('.topbar select')
    const titles = await choice.locator('option').allTextContents()
    expect(titles).toEqual(['Fanfare', ...airlines.map(({ airline }) => airline.title)])
    for (const { airline } of airlines) {
      await choice.selectOption({ label: airline.title })
      await page.locator('.info .title', { hasText: airline.title.split(' ')[0] ?? airline.title }).waitFor()
      expect(await page.locator('.opblock').count(), airline.title).toBeGreaterThan(3)
    }
  })

  it('raises no fault in the page', () => {
    expect(faults).toEqual([])
  })

  /** Opens an operation, tries it out as it is filled in, and gives what the server answered. */
  async function execute(operationId: string, path: string): Promise<{ status: number; body: string }> {
    const block = page.locator(`.opblock[id$="${operationId}"]`)
    await block.locator('.opblock-summary-control').first().click()
    const tryOut = block.getByRole('button', { name: 'Try it out' })
    const run = block.getByRole('button', { name: 'Execute' })
    await tryOut.or(run).first().waitFor()
    if (await tryOut.isVisible()) await tryOut.click()
    const [response] = await Promise.all([
      page.waitForResponse((one) => new URL(one.url()).pathname === path),
      run.click(),
    ])
    await block.locator('.live-responses-table .response-col_status', { hasText: `${response.status()}` }).waitFor()
    return { status: response.status(), body: await response.text() }
  }
})
