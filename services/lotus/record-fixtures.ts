import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Reservation } from './src/schemas/reservations.ts'
import type { PricedOffer, Solution } from './src/schemas/searches.ts'
import { begin, find, look, question, type Reply, type Signing, startService } from './src/testing.ts'

/** Records what the service really answers, byte for byte, as fixtures for the gateway's connector. */

const folder = join(import.meta.dirname, '../../gateway/src/airlines/lotus/fixtures')
const service = await startService()

function record(name: string, { status, text }: Reply, expected: number): string {
  if (status !== expected) throw new Error(`${name}: status ${status} where ${expected} was to be recorded: ${text}`)
  writeFileSync(join(folder, `${name}.json`), text)
  return text
}

async function ask(name: string, method: 'GET' | 'POST', path: string, body?: unknown, expected = 200) {
  return record(name, await service.call(method, `/v1${path}`, body), expected)
}

/** Records every answer of a search, look by look: `<name>-accepted`, `<name>-1`, `<name>-2` … */
async function recordSearch(name: string, asked: object): Promise<void> {
  const { searchId }: { searchId: string } = JSON.parse(
    await ask(`${name}-accepted`, 'POST', '/searches', { ...question, ...asked }, 202),
  )
  for (let page = 1, pages = 1, number = 1; page <= pages; number++) {
    const seen: { ready: boolean; pageCount: number } = JSON.parse(
      await ask(`${name}-${number}`, 'GET', `/searches/${searchId}?page=${page}`),
    )
    pages = seen.pageCount
    if (seen.ready) page++
  }
}

/** A search of which a page comes late, so that the waiting is recorded too. */
async function lateSearch(): Promise<{ from: string; to: string; cabin: string }> {
  for (const to of ['LHR', 'SYD', 'HKG', 'NRT', 'ICN', 'MEL', 'FRA']) {
    const asked = { from: 'CCU', to, cabin: 'business' }
    const { searchId } = await begin(service, asked)
    const { ready } = await look(service, searchId, 1)
    if (!ready) return asked
  }
  throw new Error('no route has a late page')
}

/** An offer whose price has moved since it was searched. */
async function movedOffer(): Promise<string> {
  for (const to of ['BKK', 'SIN', 'NRT', 'LHR']) {
    const solutions: Solution[] = await find(service, { to })
    for (const { offerToken, price } of solutions.flatMap(({ bundles }) => bundles)) {
      const { text } = await service.call('GET', `/v1/offers/${offerToken}`)
      const { bundle }: PricedOffer = JSON.parse(text)
      if (bundle.price.total !== price.total) return offerToken
    }
  }
  throw new Error('no price has moved')
}

try {
  mkdirSync(folder, { recursive: true })
  const travelParty = { adults: 2, children: 1, infants: 1 }
  await recordSearch('search', { travelParty })
  await recordSearch('search-late', await lateSearch())
  await recordSearch('search-none', { departOn: '2031-06-01' })
  await ask('refused-airport', 'POST', '/searches', { ...question, to: 'ZZZ' }, 400)
  await ask('refused-search', 'GET', '/searches/s-0-0', undefined, 404)

  const family = (await find(service, { travelParty }))
    .filter(({ sectors }) => sectors.length === 1)
    .flatMap(({ bundles }) => bundles)
    .find(({ code }) => code === 'YVALUE')
  if (family === undefined) throw new Error('the search holds no Value bundle without a stop')
  const path = `/offers/${family.offerToken}`
  await ask('offer', 'GET', path)
  await ask('offer-moved', 'GET', `/offers/${await movedOffer()}`)
  await ask('cabins', 'GET', `${path}/cabins`)
  await ask('bags', 'GET', `${path}/bags`)
  await ask('refused-offer', 'GET', '/offers/nothing', undefined, 404)
  const wrongly = (signing: Signing) => service.call('GET', `/v1${path}`, undefined, signing)
  record('refused-signature', await wrongly({ secret: 'wrong-secret' }), 401)
  record('refused-timestamp', await wrongly({ timestamp: `${service.system.clock.now() - 3_600_000}` }), 401)

  const guest = (guestRef: string, guestType: string, birthDate: string) => {
    const honorific = guestType === 'adult' ? 'ms' : 'miss'
    return { guestRef, guestType, honorific, given: 'Asha', family: 'Verma', birthDate, sex: 'female' }
  }
  const request = {
    idempotencyKey: 'FIXTURE-1',
    offerToken: family.offerToken,
    guests: [
      guest('p1', 'adult', '1990-04-12'),
      guest('p2', 'adult', '1991-05-13'),
      guest('p3', 'child', '2022-06-14'),
      guest('p4', 'infant', '2029-07-15'),
    ],
    reach: { email: 'asha@example.com', mobile: '+919810012345' },
    bags: [{ guestRef: 'p1', bagCode: 'BAG23', units: 1 }],
    settle: 'later',
  }
  const held: Reservation = JSON.parse(await ask('reservation-held', 'POST', '/reservations', request, 201))
  await ask('reservations-found', 'GET', '/reservations?idempotencyKey=FIXTURE-1')
  await ask('reservations-none', 'GET', '/reservations?idempotencyKey=FIXTURE-2')
  const cheap = { ...request, idempotencyKey: 'X', expectedTotal: 1 }
  await ask('refused-price', 'POST', '/reservations', cheap, 409)
  const reservation = `/reservations/${held.reservationCode}`
  await ask('reservation-ticketed', 'POST', `${reservation}/payment`, { expectedTotal: held.charges.total })
  const [flight] = held.sectors
  if (flight === undefined) throw new Error('the reservation has no flight')
  service.system.moveFlight(flight.flightKey, 45)
  await ask('reservations-moved', 'GET', '/reservations?idempotencyKey=FIXTURE-1')
  service.system.moveFlight(flight.flightKey, -45)
  service.system.clock.advance(5 * 3_600_000)
  await ask('cancellation-quote', 'GET', `${reservation}/cancellation`)
  await ask('cancellation', 'POST', `${reservation}/cancellation`)
  await ask('refused-payment', 'POST', `${reservation}/payment`, {}, 409)
  await ask('reservation-cancelled', 'GET', reservation)
} finally {
  await service.close()
}
