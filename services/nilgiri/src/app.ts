import { type AirlineApp, type AirlineAppOptions, buildAirlineApp } from '@fanfare/kit'
import { sendError } from './errors.ts'
import { bodyExamples, examplesNow, liveExamples } from './examples.ts'
import { essentials, tooManyRequests } from './faults.ts'
import { registerCart } from './routes/cart.ts'
import { registerPnrs } from './routes/pnr.ts'
import { registerLogoff, registerLogon } from './routes/session.ts'
import { registerShopping } from './routes/shopping.ts'
import { components } from './schemas/index.ts'
import { createSessions, idleMinutes } from './sessions.ts'
import { createSignIn } from './sign-in.ts'
import { createStatusCache, defaultLieRate } from './status-cache.ts'

const description = `The host of Nilgiri (0N), an old carrier on an old reservation system: an agent signs in, puts a cart together entry by entry, and ends the transaction.

1. \`POST /host/logon\` gives a session: put it into **Authorize**. It ends ${idleMinutes} minutes after its last entry, and everything in its cart with it.
2. \`/host/availability\` (AN) and \`/host/fares\` (FS) show flights with what is left in their booking classes, such as \`Y9 M4 K0\`, where 9 stands for nine or more. The counts are a cached status, and some are wrong: only the sell tells.
3. \`/host/sell\`, \`/host/names\`, \`/host/ssr\`, \`/host/price\` fill the cart; \`/host/end\` makes the PNR, held until its ticketing time limit or ticketed with a form of payment; \`/host/ignore\` drops the cart, of which nothing remains.
4. \`/host/retrieve\`, \`/host/ticket\`, \`/host/refund\` and \`/host/cancel\` take a PNR by its record locator or by the seller's reference.

**Whatever the host says has status 200**, a refusal too: \`status\` is \`OK\` or \`ERR\`, with a stable \`code\`. Another HTTP status means that the host has never seen the entry. \`screen\` holds what an agent's terminal would show. Amounts are in AED; dates are DDMMMYY, times HHMM at the airport.

The examples can be sent one after the other, from top to bottom, as they stand.
`

/** Nilgiri's service. */
export async function buildApp(options: AirlineAppOptions): Promise<AirlineApp> {
  const { system, key, secret, lieRate = defaultLieRate } = options
  const statusCache = createStatusCache(system, lieRate)
  const sessions = createSessions(system.clock.now)
  system.onReset(sessions.clear)
  const { check, sessionOf } = createSignIn(sessions)
  const examples = examplesNow(system, statusCache)
  const app = await buildAirlineApp({
    ...options,
    essentials,
    tooManyRequests,
    title: system.carrier.title,
    description,
    tags: [
      { name: 'Session', description: 'Signing in and out' },
      { name: 'Shopping', description: 'Flights, classes, fares, seats, baggage' },
      { name: 'Cart', description: 'What a session puts together' },
      { name: 'PNR', description: 'What was made of it' },
    ],
    securitySchemes: {
      session: { type: 'apiKey', in: 'header', name: 'Nilgiri-Session', description: 'From POST /host/logon' },
    },
    security: [{ session: [] }],
    examples: liveExamples(system, statusCache, examples),
  })
  const bodies = bodyExamples(examples, { sign: 'fanfare', password: 'fanfare-secret' })
  for (const schema of components) {
    const body = bodies[schema.$id]
    app.addSchema(body === undefined ? schema : { ...schema, examples: [body] })
  }
  app.setErrorHandler(sendError)
  app.setNotFoundHandler(({ method }, reply) =>
    reply
      .status(404)
      .send({ status: 'ERR', code: 'NO SUCH ENTRY', text: `NO SUCH ENTRY - NOTHING ANSWERS ${method} HERE` }),
  )

  await app.register(
    async (host: AirlineApp) => {
      registerLogon(host, sessions, { sign: key, password: secret })
      await host.register(async (signedIn: AirlineApp) => {
        signedIn.addHook('onRequest', (request, _reply, done) => done(check(request) ?? undefined))
        registerLogoff(signedIn, sessions, sessionOf)
        registerShopping(signedIn, system, sessionOf)
        registerCart(signedIn, system, statusCache, sessionOf)
        registerPnrs(signedIn, system, sessionOf)
      })
    },
    { prefix: '/host' },
  )
  return app
}
