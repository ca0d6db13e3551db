import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  type Agent,
  family,
  fareIn,
  fares,
  fillCart,
  identities,
  question,
  type Reply,
  startHost,
} from './src/testing.ts'

/** Records what the host really answers, byte for byte, as fixtures for the gateway's connector. */

const folder = join(import.meta.dirname, '../../gateway/src/airlines/nilgiri/fixtures')
const host = await startHost()

function record(name: string, { text, json }: Reply, expected: 'OK' | 'ERR' = 'OK'): void {
  if (json.status !== expected) throw new Error(`${name}: ${expected} was to be recorded, not ${text}`)
  // A session's token is drawn anew at every logon; nobody compares it.
  writeFileSync(
    join(folder, `${name}.json`),
    name === 'logon' ? text.replace(/"session":"[^"]+"/, '"session":"S1"') : text,
  )
}

async function ask(agent: Agent, name: string, entry: string, body?: unknown, expected: 'OK' | 'ERR' = 'OK') {
  record(name, await agent(entry, body), expected)
}

try {
  mkdirSync(folder, { recursive: true })
  const signedIn = { agentSign: 'agency', password: 'right-password', dutyCode: 'AS' }
  record('logon', await host.enter(null, '/logon', signedIn))
  record('logon-refused', await host.enter(null, '/logon', { ...signedIn, password: 'wrong' }), 'ERR')
  record('session-expired', await host.enter('gone', '/price'), 'ERR')

  const agent = await host.signIn()
  await ask(agent, 'fares', '/fares', { ...question, cabin: 'Y', party: family })
  const connection = { ...question, origin: 'TRV', destination: 'LHR', cabin: 'C' }
  await ask(agent, 'fares-connection', '/fares', connection)
  await ask(agent, 'fares-none', '/fares', { ...question, date: '01JUN31' })
  await ask(agent, 'refused-city', '/fares', { ...question, destination: 'ZZZ' }, 'ERR')

  const { quote } = fareIn(await fares(agent, { party: family }), 'M')
  await ask(agent, 'quote', '/quote', { quote })
  await ask(agent, 'seat-maps', '/seatmap', { quote })
  await ask(agent, 'baggage', '/baggage', { quote })
  await ask(agent, 'refused-quote', '/quote', { quote: 'nothing' }, 'ERR')

  const services = [{ ssr: 'XBAG', passenger: 1, text: '10K', units: 1 }]
  const cart = await fillCart(agent, quote, { reference: 'FIXTURE-1', party: family, services })
  record('sold', cart.sold)
  record('named', cart.named)
  record('services', cart.serviced)
  record('priced', cart.priced)
  await ask(agent, 'pnr-held', '/end', {})
  await ask(agent, 'refused-pnr', '/retrieve', { reference: 'FIXTURE-2' }, 'ERR')
  await ask(agent, 'refused-total', '/ticket', { reference: 'FIXTURE-1', formOfPayment: 'CASH', total: '1.00' }, 'ERR')
  await ask(agent, 'pnr-ticketed', '/ticket', { reference: 'FIXTURE-1', formOfPayment: 'CASH' })
  const [flight] = host.system.findByClientReference('FIXTURE-1')?.offer.flights ?? []
  if (flight === undefined) throw new Error('the PNR has no flight')
  host.system.moveFlight(flight, 45)
  await ask(agent, 'pnr-moved', '/retrieve', { reference: 'FIXTURE-1' })
  host.system.moveFlight(flight, -45)

  const seat = { ssr: 'RQST', passenger: 1, segment: 1, seat: '22C' }
  const seated = fareIn(await fares(agent), 'K')
  await fillCart(agent, seated.quote, { reference: 'FIXTURE-3', services: [seat] })
  await agent('/end', {})
  await agent('/sell', { quote: seated.quote })
  await agent('/names', {
    names: [{ surname: 'VERMA', given: 'ASHA', title: 'MS', ptc: 'ADT' }],
    contact: { email: 'asha@example.com', phone: '+919810012345' },
    reference: 'FIXTURE-4',
  })
  await ask(agent, 'services-seat-taken', '/ssr', { requests: [...identities(), seat] })
  await ask(agent, 'ignored', '/ignore')

  host.system.clock.advance(25 * 3_600_000)
  const later = await host.signIn()
  await ask(later, 'refund-quote', '/refund', { reference: 'FIXTURE-1' })
  await ask(later, 'cancelled', '/cancel', { reference: 'FIXTURE-1' })
  await ask(later, 'pnr-cancelled', '/retrieve', { reference: 'FIXTURE-1' })
  await ask(later, 'pnr-lapsed', '/retrieve', { reference: 'FIXTURE-3' })
} finally {
  await host.close()
}

const liar = await startHost(1)
try {
  const agent = await liar.signIn()
  await ask(agent, 'sold-unable', '/sell', { quote: fareIn(await fares(agent), 'M').quote })
} finally {
  await liar.close()
}
