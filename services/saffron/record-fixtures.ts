import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Availability } from './src/schemas/availability.ts'
import type { Order } from './src/schemas/order.ts'
import { type Reply, startService } from './src/testing.ts'

/** Records what the service really answers, byte for byte, as fixtures for the gateway's connector. */

const folder = join(import.meta.dirname, '../../gateway/src/airlines/saffron/fixtures')
const departureDate = '2030-01-15'
const service = await startService()

function record(name: string, { status, text }: Reply, expected: number): string {
  if (status !== expected) throw new Error(`${name}: status ${status} where ${expected} was to be recorded: ${text}`)
  writeFileSync(join(folder, `${name}.json`), text)
  return text
}

async function ask(name: string, method: 'GET' | 'POST', path: string, body?: unknown, expected = 200) {
  return record(name, await service.call(method, `/v2${path}`, body), expected)
}

try {
  mkdirSync(folder, { recursive: true })
  const family = { adults: 2, children: 1, infants: 1 }
  const route = { origin: 'DEL', destination: 'BOM', departureDate, cabin: 'ECONOMY' }
  const found: Availability = JSON.parse(
    await ask('availability', 'POST', '/availability', { ...route, travellers: family }),
  )
  await ask('availability-connection', 'POST', '/availability', {
    origin: 'JAI',
    destination: 'LHR',
    departureDate,
    cabin: 'BUSINESS',
    travellers: { adults: 1 },
  })
  await ask('availability-none', 'POST', '/availability', {
    ...route,
    departureDate: '2031-06-01',
    travellers: { adults: 1 },
  })
  await ask(
    'refused-airport',
    'POST',
    '/availability',
    { ...route, destination: 'ZZZ', travellers: { adults: 1 } },
    400,
  )

  const offer = found.journeys
    .filter(({ flights }) => flights.every(({ marketing, operating }) => marketing.carrier === operating.carrier))
    .flatMap(({ offers }) => offers)
    .find(({ fareFamily }) => fareFamily === 'ECLASSIC')
  if (offer === undefined) throw new Error('the availability holds no Classic offer on a flight of its own')
  const path = `/offers/${offer.offerId}`
  await ask('offer', 'GET', path)
  await ask('seat-maps', 'GET', `${path}/seatmaps`)
  await ask('baggage', 'GET', `${path}/baggage`)
  await ask('refused-offer', 'GET', '/offers/nothing', undefined, 404)
  record('refused-key', await service.call('GET', `/v2${path}`, undefined, 'wrong-key'), 401)

  const traveller = (travellerId: string, travellerType: string, dateOfBirth: string) => {
    const title = travellerType === 'ADULT' ? 'MS' : 'MISS'
    return { travellerId, travellerType, title, firstName: 'Asha', lastName: 'Verma', dateOfBirth, gender: 'F' }
  }
  const request = {
    clientReference: 'FIXTURE-1',
    offerId: offer.offerId,
    travellers: [
      traveller('p1', 'ADULT', '1990-04-12'),
      traveller('p2', 'ADULT', '1991-05-13'),
      traveller('p3', 'CHILD', '2022-06-14'),
      traveller('p4', 'INFANT', '2029-07-15'),
    ],
    contact: { email: 'asha@example.com', phone: '+919810012345' },
    baggage: [{ travellerId: 'p1', productCode: 'XBAG5', units: 1 }],
    payment: 'HOLD',
  }
  const held: Order = JSON.parse(await ask('order-held', 'POST', '/orders', request, 201))
  await ask('orders-found', 'GET', '/orders?clientReference=FIXTURE-1')
  await ask('orders-none', 'GET', '/orders?clientReference=FIXTURE-2')
  await ask('refused-price', 'POST', '/orders', { ...request, clientReference: 'X', expectedTotal: '1.00' }, 409)
  const order = `/orders/${held.recordLocator}`
  await ask('order-confirmed', 'POST', `${order}/payment`, { expectedTotal: held.pricing.total })
  const [flight] = held.flights
  if (flight === undefined) throw new Error('the order has no flight')
  service.system.moveFlight(flight.flightId, 45)
  await ask('orders-moved', 'GET', '/orders?clientReference=FIXTURE-1')
  service.system.moveFlight(flight.flightId, -45)
  service.system.clock.advance(25 * 3_600_000)
  await ask('cancellation-quote', 'POST', `${order}/cancellation-quote`)
  await ask('cancellation', 'POST', `${order}/cancellation`)
  await ask('refused-payment', 'POST', `${order}/payment`, {}, 409)
  await ask('order-cancelled', 'GET', order)
} finally {
  await service.close()
}
