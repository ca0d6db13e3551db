import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { credentials, fareIn, fares, namesEntry, problems, question, startHost, type TestHost } from './testing.ts'

let host: TestHost

beforeEach(async () => {
  host = await startHost()
})
afterEach(() => host.close())

const minute = 60_000
const entries = [
  ...['/logoff', '/availability', '/fares', '/quote', '/seatmap', '/baggage', '/sell', '/names', '/ssr', '/price'],
  ...['/end', '/ignore', '/retrieve', '/ticket', '/refund', '/cancel'],
]

describe('a session', () => {
  it('is given for the right sign and password alone', async () => {
    const right = { ...credentials, dutyCode: 'AS' }
    expect(problems('LogonAnswer', await host.enter(null, '/logon', right))).toEqual([])
    for (const wrong of [{ password: 'right-passwore' }, { password: 'x' }, { agentSign: 'agenda' }]) {
      expect(await host.enter(null, '/logon', { ...right, ...wrong })).toMatchObject({
        status: 200,
        json: { status: 'ERR', code: 'INVALID SIGN' },
      })
    }
    expect((await host.enter(null, '/logon', { ...right, dutyCode: 'ZZ' })).status).toBe(400)
  })

  it('is wanted by every entry but the logon, before anything else is looked at', async () => {
    for (const entry of entries) {
      expect((await host.enter(null, entry, { nonsense: true })).json, entry).toMatchObject({ code: 'SIGN IN' })
      const { status, json } = await host.enter('made-up', entry, { nonsense: true })
      expect({ status, ...json }, entry).toMatchObject({ status: 'ERR', code: 'SESSION EXPIRED' })
    }
  })

  it('ends ten minutes after its last entry, and its cart with it', async () => {
    const agent = await host.signIn()
    const { quote } = fareIn(await fares(agent), 'M')
    await agent('/sell', { quote })
    host.system.clock.advance(10 * minute - 1)
    expect((await agent('/names', namesEntry('A'))).json).toMatchObject({ status: 'OK' })
    host.system.clock.advance(10 * minute - 1)
    expect((await agent('/price')).json).toMatchObject({ status: 'OK' })
    host.system.clock.advance(10 * minute)
    expect((await agent('/price')).json).toMatchObject({ code: 'SESSION EXPIRED' })
    const again = await host.signIn()
    expect((await again('/price')).json).toMatchObject({ code: 'NO ITINERARY' })
  })

  it('ends with a logoff, and with a restart', async () => {
    const [leaving, staying] = [await host.signIn(), await host.signIn()]
    expect((await leaving('/logoff')).json).toMatchObject({ status: 'OK' })
    expect((await leaving('/price')).json).toMatchObject({ code: 'SESSION EXPIRED' })
    expect((await staying('/price')).json).toMatchObject({ code: 'NO ITINERARY' })
    await host.restart()
    expect((await staying('/price')).json).toMatchObject({ code: 'SESSION EXPIRED' })
  })

  it('for inquiry looks and does not sell', async () => {
    const clerk = await host.signIn('IN')
    const { quote } = fareIn(await fares(clerk), 'M')
    for (const entry of ['/quote', '/seatmap', '/baggage']) {
      expect((await clerk(entry, { quote })).json.status, entry).toBe('OK')
    }
    const bodies: Record<string, unknown> = {
      '/sell': { quote },
      '/names': namesEntry('A'),
      '/ssr': { requests: [{ ssr: 'CHLD', passenger: 1 }] },
      '/price': undefined,
      '/end': {},
      '/ticket': { reference: 'A', formOfPayment: 'CASH' },
      '/cancel': { reference: 'A' },
    }
    for (const [entry, body] of Object.entries(bodies)) {
      expect((await clerk(entry, body)).json, entry).toMatchObject({ code: 'DUTY CODE' })
    }
    expect((await clerk('/retrieve', { reference: 'A' })).json).toMatchObject({ code: 'NO PNR' })
  })
})

describe('what never reaches the host', () => {
  it('has a status of its own', async () => {
    const { signIn, url } = host
    const agent = await signIn()
    const refused: [number, string, Promise<{ status: number; json: unknown }>][] = [
      [400, 'FORMAT', agent('/fares', { ...question, origin: 'Delhi' })],
      [400, 'FORMAT', agent('/fares', { ...question, colour: 'red' })],
      [400, 'FORMAT', agent('/fares', '{"origin":')],
      [400, 'FORMAT', agent('/ssr', { requests: [{ ssr: 'CHLD', passenger: 0 }] })],
      [404, 'NO SUCH ENTRY', agent('/nothing', {})],
      [413, 'ENTRY TOO LONG', agent('/fares', { ...question, origin: 'D'.repeat(300_000) })],
    ]
    for (const [status, code, answer] of refused) {
      expect(await answer, code).toMatchObject({ status, json: { status: 'ERR', code } })
    }
    const form = await fetch(`${url}/host/logon`, { method: 'POST', body: new URLSearchParams({ a: 'b' }) })
    expect([form.status, await form.json()]).toMatchObject([415, { code: 'JSON ONLY' }])
  })

  it('is told what the host itself refuses from, with status 200', async () => {
    const agent = await host.signIn()
    const refused: [string, string, unknown][] = [
      ['CHECK DATE', '/fares', { ...question, date: '31FEB30' }],
      ['CHECK CITY PAIR', '/availability', { ...question, destination: 'ZZZ' }],
      ['CHECK PARTY', '/fares', { ...question, party: { ADT: 9, CHD: 1, INF: 0 } }],
      ['CHECK PARTY', '/fares', { ...question, party: { ADT: 1, INF: 2 } }],
      ['QUOTE NOT FOUND', '/quote', { quote: 'nothing' }],
      ['NO ITINERARY', '/end', {}],
      ['CHECK PNR', '/retrieve', {}],
      ['CHECK PNR', '/retrieve', { locator: 'ABCDEF', reference: 'A' }],
      ['NO PNR', '/cancel', { locator: 'QQQQQQ' }],
    ]
    for (const [code, entry, body] of refused) {
      const answer = await agent(entry, body)
      expect(answer, code).toMatchObject({ status: 200, json: { status: 'ERR', code } })
      expect(problems('ErrorAnswer', answer)).toEqual([])
    }
  })
})
