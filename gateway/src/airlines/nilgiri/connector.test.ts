import { readFileSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { AirlineError, type AirlineErrorKind, type Rejection } from '../../upstream/airline-error.ts'
import { createHttpClient } from '../../upstream/http-client.ts'
import type { Connector, HeldOrder, OfferRef, OrderDraft, SliceQuery } from '../connector.ts'
import { nilgiri } from './connector.ts'
import { mapPnr, mapQuote } from './map.ts'
import { readPnr, readQuote } from './wire.ts'

const fixture = (name: string) => readFileSync(join(import.meta.dirname, 'fixtures', `${name}.json`))
const never = new AbortController().signal

interface Reply {
  status?: number
  headers?: Record<string, string>
  body?: string | Buffer
}

interface Entry {
  path: string
  session: string | undefined
  body: string
}

/** What an entry is answered with: null hangs up, `silence` never answers. */
type Answer = Reply | null | 'silence'

/** A host that answers with what was recorded unless the test says otherwise, and a connector that talks to it. */
interface Scene {
  connector: Connector
  /** Every entry but logons, in order. */
  entries: Entry[]
  /** Bodies of logons. */
  logons: string[]
  /** Answers an entry otherwise, from now on. */
  answer(path: string, answer: Answer | ((entry: Entry) => Answer)): void
}

const recorded: Record<string, string> = {
  '/fares': 'fares',
  '/quote': 'quote',
  '/seatmap': 'seat-maps',
  '/baggage': 'baggage',
  '/sell': 'sold',
  '/names': 'named',
  '/ssr': 'services',
  '/price': 'priced',
  '/end': 'pnr-held',
  '/ignore': 'ignored',
  '/retrieve': 'refused-pnr',
  '/ticket': 'pnr-ticketed',
  '/refund': 'refund-quote',
  '/cancel': 'cancelled',
}

async function openScene(): Promise<Scene> {
  const entries: Entry[] = []
  const logons: string[] = []
  const answers = new Map<string, (entry: Entry) => Answer>(
    Object.entries(recorded).map(([path, name]) => [path, () => ({ body: fixture(name) })]),
  )
  answers.set('/logon', () => ({ body: JSON.stringify({ status: 'OK', session: `S${logons.length}` }) }))

  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const path = (request.url ?? '').replace('/host', '')
    const session = request.headers['nilgiri-session']
    const body = Buffer.concat(chunks).toString()
    const entry = { path, session: typeof session === 'string' ? session : undefined, body }
    if (path === '/logon') logons.push(body)
    else entries.push(entry)
    send(response, answers.get(path)?.(entry) ?? null)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server listens on no port')
  const http = createHttpClient('nilgiri', `http://127.0.0.1:${address.port}`)
  onTestFinished(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    await http.close()
  })
  return {
    connector: nilgiri.create({ http, key: 'agency', secret: 's3cret', now: () => 0 }),
    entries,
    logons,
    answer(path, next) {
      answers.set(path, typeof next === 'function' ? next : () => next)
    },
  }
}

function send(response: ServerResponse, answer: Answer): void {
  if (answer === 'silence') return
  if (answer === null) response.destroy()
  else
    response.writeHead(answer.status ?? 200, { 'content-type': 'application/json', ...answer.headers }).end(answer.body)
}

function refusal(code: string): Reply {
  return { body: JSON.stringify({ status: 'ERR', code, text: `${code} - NO` }) }
}

async function errorOf(promise: Promise<unknown>): Promise<AirlineError> {
  const error = await promise.then(
    (value) => value,
    (thrown: unknown) => thrown,
  )
  if (error instanceof AirlineError) return error
  throw new Error(`expected an AirlineError, got ${JSON.stringify(error)}`)
}

async function kindOf(promise: Promise<unknown>): Promise<[AirlineErrorKind, Rejection | undefined]> {
  const { airline, kind, reason } = await errorOf(promise)
  expect(airline).toBe('nilgiri')
  return [kind, reason]
}

const pathsOf = (entries: Entry[]) => entries.map(({ path }) => path)

function value<T>(answer: { value: T } | { refusal: unknown }): T {
  if ('value' in answer) return answer.value
  throw new Error('the fixture is a refusal')
}

const quote = value(readQuote(fixture('quote')))
const quotedPrice = { amount: quote.fare.total, currency: 'AED' }
const ref: OfferRef = { airline: 'nilgiri', quotedPrice, ref: quote.fare.quote }
const held = mapPnr(value(readPnr(fixture('pnr-held'))))

const query: SliceQuery = {
  origin: 'DEL',
  destination: 'BOM',
  departureDate: '2030-01-15',
  cabin: 'economy',
  passengers: [
    { id: 'p1', type: 'adult' },
    { id: 'p2', type: 'adult' },
    { id: 'p3', type: 'child' },
    { id: 'p4', type: 'infant' },
  ],
}

const draft: OrderDraft = {
  clientReference: 'FIXTURE-1',
  offer: mapQuote(quote, ref),
  passengers: query.passengers.map(({ id, type }) => ({
    id,
    type,
    title: 'ms',
    givenName: 'Asha',
    familyName: 'Verma',
    bornOn: '1990-04-12',
    gender: 'female',
  })),
  contact: { email: 'asha@example.com', phone: '+919810012345' },
  seats: [],
  baggage: [
    {
      serviceId: 'nilgiri~0N761-2030-01-15-DEL~XBAG10K',
      passengerId: 'p1',
      quantity: 1,
      price: { amount: '50.00', currency: 'AED' },
    },
  ],
  total: held.price.total,
}

const heldOrder: HeldOrder = { ...held, status: 'held', payBy: held.payBy ?? '' }

const hold = ({ connector }: Scene, signal: AbortSignal = never) => {
  if (connector.hold === undefined) throw new Error('nilgiri holds')
  return connector.hold(draft, signal)
}

const filling = ['/sell', '/names', '/ssr', '/price']
const html: Reply = { body: '<html>Welcome</html>' }
const half: Reply = { body: fixture('pnr-held').subarray(0, 200) }

describe('signing in', () => {
  it('is done once for calls in a row, with sign, password and duty code', async () => {
    const { connector, entries, logons } = await openScene()
    for (let time = 0; time < 3; time++) await connector.search(query, never)
    expect(logons.map((body) => JSON.parse(body))).toEqual([
      { agentSign: 'agency', dutyCode: 'AS', password: 's3cret' },
    ])
    expect(entries.map(({ session }) => session)).toEqual(['S1', 'S1', 'S1'])
  })

  it('never stampedes, and gives each of many conversations a session of its own', async () => {
    const scene = await openScene()
    const open = new Set<string>()
    let logonsUnderway = 0
    let most = 0
    scene.answer('/logon', () => {
      most = Math.max(most, ++logonsUnderway)
      setImmediate(() => logonsUnderway--)
      return { body: JSON.stringify({ status: 'OK', session: `S${scene.logons.length}` }) }
    })
    scene.answer('/fares', ({ session = '' }) => {
      expect(open.has(session)).toBe(false)
      open.add(session)
      setImmediate(() => open.delete(session))
      return { body: fixture('fares') }
    })
    const found = await Promise.all(Array.from({ length: 100 }, () => scene.connector.search(query, never)))
    expect(found.every((offers) => offers.length > 0)).toBe(true)
    expect(scene.logons.length).toBeLessThanOrEqual(24)
    expect(most).toBeLessThanOrEqual(3)
  })

  it('that is refused or goes wrong ends the call, and has changed nothing', async () => {
    const scene = await openScene()
    const cases: [Answer, AirlineErrorKind, AirlineErrorKind][] = [
      [{ body: fixture('logon-refused') }, 'rejected', 'rejected'],
      [{ status: 503 }, 'unavailable', 'unavailable'],
      [null, 'unavailable', 'unavailable'],
      [{ status: 429, headers: { 'retry-after': '3' } }, 'rate_limited', 'rate_limited'],
      [html, 'malformed', 'unavailable'],
    ]
    for (const [answer, looking, buying] of cases) {
      scene.answer('/logon', answer)
      expect((await errorOf(scene.connector.search(query, never))).kind).toBe(looking)
      const changes = [
        () => hold(scene),
        () => scene.connector.purchase(heldOrder, never),
        () => scene.connector.cancel(held, never),
      ]
      for (const change of changes) {
        expect((await errorOf(change())).kind).toBe(buying)
      }
    }
    expect(scene.entries).toEqual([])
  })

  it('is done anew when the host has ended the session, and the conversation begun again', async () => {
    const scene = await openScene()
    await scene.connector.search(query, never)
    for (const code of ['SESSION EXPIRED', 'SIGN IN']) {
      const ended = `S${scene.logons.length}`
      for (const path of [...filling, '/end', '/fares']) {
        scene.answer(path, ({ session }) =>
          session === ended ? refusal(code) : { body: fixture(recorded[path] ?? '') },
        )
      }
      expect((await scene.connector.search(query, never)).length).toBeGreaterThan(0)
    }
    expect(scene.logons).toHaveLength(3)
  })

  it('is done anew when a session ends under a cart, which is filled again from the start', async () => {
    const scene = await openScene()
    scene.answer('/end', ({ session }) =>
      session === 'S1' ? refusal('SESSION EXPIRED') : { body: fixture('pnr-held') },
    )
    expect(await hold(scene)).toEqual(heldOrder)
    expect(scene.entries.map(({ session, path }) => `${session}${path}`)).toEqual(
      ['S1', 'S2'].flatMap((session) => [...filling, '/end'].map((path) => session + path)),
    )
  })

  it('is done anew once: a host that ends every session has done nothing', async () => {
    const scene = await openScene()
    scene.answer('/end', refusal('SESSION EXPIRED'))
    expect(await kindOf(hold(scene))).toEqual(['unavailable', undefined])
    expect(scene.logons).toHaveLength(2)
  })
})

describe('looking', () => {
  it('asks in the host’s words', async () => {
    const { connector, entries } = await openScene()
    await connector.search(query, never)
    expect(await connector.price(ref, never)).toEqual(draft.offer)
    expect((await connector.seatMaps(ref, never)).map(({ segmentId }) => segmentId)).toEqual(['0N761-2030-01-15-DEL'])
    expect((await connector.baggage(ref, never)).purchasable).toHaveLength(5)
    expect(entries.map(({ path, body }) => [path, JSON.parse(body)])).toEqual([
      ['/fares', { origin: 'DEL', destination: 'BOM', date: '15JAN30', party: { ADT: 2, CHD: 1, INF: 1 }, cabin: 'Y' }],
      ['/quote', { quote: ref.ref }],
      ['/seatmap', { quote: ref.ref }],
      ['/baggage', { quote: ref.ref }],
    ])
  })

  it('finds nothing where Nilgiri has nothing: another cabin, an airport that it does not know', async () => {
    const scene = await openScene()
    for (const cabin of ['premium_economy', 'first'] as const) {
      expect(await scene.connector.search({ ...query, cabin }, never)).toEqual([])
    }
    expect([scene.entries, scene.logons]).toEqual([[], []])
    scene.answer('/fares', { body: fixture('refused-city') })
    expect(await scene.connector.search(query, never)).toEqual([])
    scene.answer('/fares', { body: fixture('fares-none') })
    expect(await scene.connector.search(query, never)).toEqual([])
    scene.answer('/fares', refusal('CHECK PARTY'))
    expect(await kindOf(scene.connector.search(query, never))).toEqual(['rejected', 'invalid'])
  })

  it('keeps its session when the host refuses, and drops it when nobody knows what the host did', async () => {
    const scene = await openScene()
    const cases: [Answer, AirlineErrorKind, Rejection | undefined, boolean][] = [
      [{ body: fixture('refused-quote') }, 'rejected', 'offer_not_found', true],
      [refusal('QUOTE EXPIRED'), 'rejected', 'offer_expired', true],
      [refusal('CLASS CLOSED'), 'rejected', 'sold_out', true],
      [{ ...refusal('FORMAT'), status: 400 }, 'rejected', 'invalid', true],
      [html, 'malformed', undefined, false],
      [half, 'malformed', undefined, false],
      [{ body: '' }, 'malformed', undefined, false],
      [{ status: 404, body: '<html>Not here</html>' }, 'malformed', undefined, false],
      [{ status: 302, body: fixture('quote') }, 'malformed', undefined, false],
      [{ body: fixture('quote').toString().replace('15JAN30', '31FEB30') }, 'malformed', undefined, false],
      [{ status: 429, headers: { 'retry-after': '2' } }, 'rate_limited', undefined, false],
      [{ status: 500, body: '{}' }, 'unavailable', undefined, false],
      [null, 'unavailable', undefined, false],
    ]
    for (const [answer, kind, reason, keeps] of cases) {
      scene.answer('/quote', answer)
      await scene.connector.search(query, never)
      const before = scene.logons.length
      expect(await kindOf(scene.connector.price(ref, never)), JSON.stringify(answer)).toEqual([kind, reason])
      await scene.connector.search(query, never)
      expect(scene.logons.length - before, JSON.stringify(answer)).toBe(keeps ? 0 : 1)
    }
  })

  it('sends nothing for a reference that Nilgiri cannot have made', async () => {
    const { connector, entries, logons } = await openScene()
    for (const forged of ['', '../logon', 'a b', 'a"b', 'x'.repeat(121), 'a\n']) {
      for (const ask of [connector.price, connector.seatMaps, connector.baggage]) {
        expect(await kindOf(ask({ ...ref, ref: forged }, never)), forged).toEqual(['rejected', 'offer_not_found'])
      }
    }
    expect([entries, logons]).toEqual([[], []])
  })
})

describe('buying', () => {
  it('fills a cart and ends it, in one session, with and without payment', async () => {
    const scene = await openScene()
    expect(await hold(scene)).toEqual(heldOrder)
    scene.answer('/end', { body: fixture('pnr-ticketed') })
    expect(await scene.connector.purchase(draft, never)).toEqual({ ...held, status: 'confirmed', payBy: null })
    expect(pathsOf(scene.entries)).toEqual([...filling, '/end', ...filling, '/end'])
    expect(new Set(scene.entries.map(({ session }) => session))).toEqual(new Set(['S1']))
    const bodies = scene.entries.map(({ body }) => (body === '' ? null : JSON.parse(body)))
    expect(bodies[0]).toEqual({ quote: ref.ref })
    expect(bodies[1]).toMatchObject({ reference: 'FIXTURE-1', names: [{ ptc: 'ADT' }, {}, {}, { ptc: 'INF' }] })
    expect(bodies[2].requests.at(-1)).toEqual({ ssr: 'XBAG', passenger: 1, text: '10K', units: 1 })
    expect([bodies[3], bodies[4], bodies[9]]).toEqual([null, {}, { formOfPayment: 'INVAGT' }])
  })

  it.each(filling)('has done nothing when %s goes wrong, says so, and leaves that session alone', async (path) => {
    for (const answer of [null, { status: 500 }, html, half, { body: '' }, { body: '{"status":"OK"}' }]) {
      // What /names says beyond OK is nobody's business.
      if (path === '/names' && answer !== null && 'body' in answer && answer.body === '{"status":"OK"}') continue
      const scene = await openScene()
      scene.answer(path, answer)
      expect(await kindOf(hold(scene)), JSON.stringify(answer)).toEqual(['unavailable', undefined])
      expect(pathsOf(scene.entries)).toEqual(filling.slice(0, filling.indexOf(path) + 1))
      await scene.connector.search(query, never)
      expect(scene.entries.at(-1)).toMatchObject({ path: '/fares', session: 'S2' })
    }
  })

  it.each([...filling, '/end'])('leaves it to the caller when %s is asked for too often', async (path) => {
    const scene = await openScene()
    scene.answer(path, { status: 429, headers: { 'retry-after': '7' } })
    expect(await errorOf(hold(scene))).toMatchObject({ kind: 'rate_limited', retryAfterMs: 7_000 })
  })

  it.each(['/end', '/ticket', '/cancel'])(
    'does not know what came of %s without an answer to it, and never tries twice',
    async (path) => {
      for (const answer of [
        null,
        { status: 500 },
        html,
        half,
        { body: '' },
        { body: '{"status":"OK"}' },
        { status: 404, body: 'no' },
      ]) {
        const scene = await openScene()
        const change = { '/end': () => hold(scene), '/ticket': () => scene.connector.purchase(heldOrder, never) }[path]
        scene.answer(path, answer)
        expect(await kindOf(change ? change() : scene.connector.cancel(held, never)), JSON.stringify(answer)).toEqual([
          'unknown_outcome',
          undefined,
        ])
        expect(scene.entries.filter((entry) => entry.path === path)).toHaveLength(1)
        await scene.connector.search(query, never)
        expect(scene.entries.at(-1)).toMatchObject({ session: 'S2' })
      }
    },
  )

  it.each([...filling, '/end'])('is left at once by a caller who gives up at %s', async (path) => {
    const scene = await openScene()
    const giving = new AbortController()
    scene.answer(path, () => {
      giving.abort()
      return 'silence'
    })
    expect(await kindOf(hold(scene, giving.signal))).toEqual(['unknown_outcome', undefined])
    await nextTurn()
    expect(scene.entries.at(-1)?.path).toBe(path)
  })

  it('says why the host refuses, once it has dropped the cart and seen that there is no order yet', async () => {
    const cases: [string, Reply, Rejection][] = [
      ['/sell', { body: fixture('sold-unable') }, 'sold_out'],
      ['/sell', refusal('CLASS CLOSED'), 'sold_out'],
      ['/sell', refusal('QUOTE EXPIRED'), 'offer_expired'],
      ['/sell', refusal('QUOTE NOT FOUND'), 'offer_not_found'],
      ['/names', { ...refusal('FORMAT'), status: 400 }, 'invalid'],
      ['/ssr', { body: fixture('services-seat-taken') }, 'seat_taken'],
      ['/price', refusal('CLASS CLOSED'), 'sold_out'],
      [
        '/price',
        {
          body: fixture('priced')
            .toString()
            .replace(/"total":"\d+\.\d\d"\}$/, '"total":"999.00"}'),
        },
        'price_changed',
      ],
      ['/end', refusal('SEAT NOT AVAILABLE'), 'seat_taken'],
      ['/end', refusal('FARE CHANGED'), 'price_changed'],
      ['/end', refusal('INSTANT TICKETING ONLY'), 'not_supported'],
    ]
    for (const [path, answer, reason] of cases) {
      const scene = await openScene()
      scene.answer(path, answer)
      expect(await kindOf(hold(scene)), `${path} ${reason}`).toEqual(['rejected', reason])
      const said = [...filling, '/end'].slice(0, [...filling, '/end'].indexOf(path) + 1)
      expect(pathsOf(scene.entries)).toEqual([...said, '/ignore', '/retrieve'])
      await scene.connector.search(query, never)
      expect(scene.entries.at(-1)).toMatchObject({ session: 'S1' })
    }
  })

  it('gives the order that is there already, whatever the host refused a second one for', async () => {
    for (const [path, answer] of [
      ['/sell', { body: fixture('sold-unable') }],
      ['/ssr', { body: fixture('services-seat-taken') }],
      ['/end', refusal('REFERENCE IN USE')],
    ] as const) {
      const scene = await openScene()
      scene.answer(path, answer)
      scene.answer('/retrieve', { body: fixture('pnr-held') })
      expect(await hold(scene)).toEqual(heldOrder)
      expect(JSON.parse(scene.entries.at(-1)?.body ?? '')).toEqual({ reference: 'FIXTURE-1' })
      expect((await kindOf(scene.connector.purchase(draft, never)))[0], 'it is held, not bought').toBe('rejected')
      scene.answer('/retrieve', { body: fixture('pnr-ticketed') })
      expect((await scene.connector.purchase(draft, never)).status).toBe('confirmed')
    }
  })

  it('does not call an order refused when nobody says whether it is there already', async () => {
    for (const path of ['/ignore', '/retrieve']) {
      for (const answer of [null, { status: 500 }, html, refusal('CHECK PNR')]) {
        const scene = await openScene()
        scene.answer('/sell', { body: fixture('sold-unable') })
        scene.answer(path, answer)
        expect(await kindOf(hold(scene))).toEqual(['unknown_outcome', undefined])
      }
    }
  })

  it('does not take another’s order for its own, nor one in another state', async () => {
    const scene = await openScene()
    const other = fixture('pnr-held').toString().replace('"reference":"FIXTURE-1"', '"reference":"FIXTURE-9"')
    scene.answer('/end', { body: other })
    expect(await kindOf(hold(scene))).toEqual(['unknown_outcome', undefined])
    scene.answer('/end', { body: fixture('pnr-ticketed') })
    expect(await kindOf(hold(scene))).toEqual(['unknown_outcome', undefined])
    scene.answer('/end', { body: fixture('pnr-cancelled') })
    expect(await kindOf(hold(scene))).toEqual(['rejected', 'hold_lapsed'])
    scene.answer('/end', { body: fixture('pnr-held') })
    expect(await kindOf(scene.connector.purchase(draft, never))).toEqual(['unknown_outcome', undefined])
  })

  it('sends nothing that Nilgiri cannot be asked for', async () => {
    const { connector, entries } = await openScene()
    const [first, ...others] = draft.passengers
    const [bag] = draft.baggage
    if (!first || !bag) throw new Error('the draft has passengers and a bag')
    const cases: [Partial<OrderDraft>, Rejection][] = [
      [{ offer: { ...draft.offer, id: 'saffron~1.00INR~x' } }, 'offer_not_found'],
      [{ passengers: [{ ...first, familyName: 'वर्मा' }, ...others] }, 'invalid'],
      [{ baggage: [{ ...bag, serviceId: 'nilgiri~0N1-2030-01-15-DEL~XBAG10K' }] }, 'service_unavailable'],
    ]
    for (const [change, reason] of cases) {
      expect(await kindOf(connector.purchase({ ...draft, ...change }, never))).toEqual(['rejected', reason])
    }
    expect(entries).toEqual([])
  })

  it('pays a hold at its own price', async () => {
    const scene = await openScene()
    expect(await scene.connector.purchase(heldOrder, never)).toEqual({ ...held, status: 'confirmed', payBy: null })
    expect(scene.entries.map(({ body }) => JSON.parse(body))).toEqual([
      { locator: held.airlineReference, formOfPayment: 'INVAGT', total: held.price.total.amount },
    ])
    scene.answer('/ticket', refusal('TIME LIMIT EXPIRED'))
    expect(await kindOf(scene.connector.purchase(heldOrder, never))).toEqual(['rejected', 'hold_lapsed'])
    scene.answer('/ticket', { body: fixture('pnr-held') })
    expect(await kindOf(scene.connector.purchase(heldOrder, never))).toEqual(['unknown_outcome', undefined])
  })
})

describe('an order', () => {
  it('is found by our reference, and is nobody else’s', async () => {
    const scene = await openScene()
    expect(await scene.connector.findOrder('FIXTURE-1', never)).toBeNull()
    scene.answer('/retrieve', { body: fixture('pnr-held') })
    expect(await scene.connector.findOrder('FIXTURE-1', never)).toEqual(held)
    expect(await scene.connector.findOrder('FIXTURE-9', never)).toBeNull()
    scene.answer('/retrieve', refusal('CHECK PNR'))
    expect(await kindOf(scene.connector.findOrder('FIXTURE-1', never))).toEqual(['rejected', 'invalid'])
  })

  it('is given back by its locator', async () => {
    const scene = await openScene()
    const quoted = await scene.connector.quoteCancellation(held, never)
    expect(await scene.connector.cancel(held, never)).toEqual(quoted)
    const locator = held.airlineReference
    expect(scene.entries.map(({ path, body }) => [path, JSON.parse(body)])).toEqual([
      ['/refund', { locator }],
      ['/cancel', { locator }],
    ])
    for (const [code, reason] of [
      ['NO PNR', 'order_not_found'],
      ['ALREADY FLOWN', 'not_cancellable'],
    ]) {
      scene.answer('/cancel', refusal(code ?? ''))
      expect(await kindOf(scene.connector.cancel(held, never))).toEqual(['rejected', reason])
    }
  })
})
