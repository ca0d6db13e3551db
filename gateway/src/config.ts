import { isIP } from 'node:net'
import { Ajv } from 'ajv'
import { envSchema } from 'env-schema'
import { type Static, Type } from 'typebox'
import type { ConnectorFactory } from './airlines/connector.ts'
import { airlines } from './airlines/index.ts'

const httpUrl = (description: string) => Type.String({ pattern: '^https?://[^\\s]+$', description })
const milliseconds = (value: number, description: string) =>
  Type.Integer({ minimum: 1, maximum: 600_000, default: value, description })

const network = '(loopback|linklocal|uniquelocal|[0-9a-fA-F.:]+(/[0-9]{1,3})?)'
const proxies = `^${network}( *, *${network})*$`

const Environment = Type.Object({
  PORT: Type.Integer({ minimum: 0, maximum: 65_535, default: 8080, description: 'Port of the gateway; 0 for any' }),
  HOST: Type.String({ minLength: 1, default: '127.0.0.1', description: 'Address to listen on' }),
  AIRLINE_PORT_BASE: Type.Integer({
    minimum: 1,
    maximum: 65_535,
    default: 8101,
    description:
      'Where the airlines are on 127.0.0.1 unless named by URL: the first of the registry here, the others after it',
  }),
  FANFARE_DATA: Type.String({ minLength: 1, default: './data', description: 'Folder of the databases' }),
  REDIS_URL: Type.Optional(
    Type.String({
      pattern: '^rediss?://[^\\s]+$',
      description: 'Redis to cache in; without it the cache is in the process',
    }),
  ),
  DATABASE_URL: Type.Optional(
    Type.String({
      pattern: '^postgres(ql)?://[^\\s]+$',
      description: 'PostgreSQL to keep bookings in; without it they are in a SQLite file in the data folder',
    }),
  ),
  LOG_LEVEL: Type.Enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
    default: 'warn',
    description: 'Least level that is logged',
  }),
  FANFARE_SIM_TOKEN: Type.Optional(
    Type.String({
      minLength: 1,
      description: 'Opens the control plane `/_sim` and `Fanfare-Fault` to who sends it; without it both are closed',
    }),
  ),
  AIRLINE_POLICIES: Type.Enum(['on', 'off'], {
    default: 'on',
    description: 'off: no retries, hedges, breakers or bulkheads towards airlines; to see what they are worth',
  }),
  SEARCHES_AT_ONCE: Type.Integer({
    minimum: 1,
    maximum: 100_000,
    default: 500,
    description: 'Searches and itineraries in progress at most; more are answered with 503 at once',
  }),
  EVENT_LOOP_DELAY_MS: Type.Integer({
    minimum: 0,
    maximum: 60_000,
    default: 500,
    description: 'From this delay of the event loop on new work is answered with 503; 0 for never',
  }),
  BOOKINGS_AT_ONCE: Type.Integer({
    minimum: 1,
    maximum: 100_000,
    default: 500,
    description: 'Calls that book, pay or cancel in progress at most; more are answered with 503 at once',
  }),
  RATE_LIMIT_PER_MINUTE: Type.Integer({
    minimum: 0,
    maximum: 10_000_000,
    default: 0,
    description: 'Requests that one client (by address) may make in a minute; 0 for no limit',
  }),
  TRUST_PROXY: Type.Optional(
    Type.String({
      pattern: proxies,
      description:
        'Whose X-Forwarded-For names the client: addresses, networks as 10.0.0.0/8, or loopback, linklocal, uniquelocal, with commas between; without it the client is who connects',
    }),
  ),
  SHUTDOWN_DRAIN_MS: Type.Integer({
    minimum: 0,
    maximum: 600_000,
    default: 0,
    description: 'How long a stopping gateway says that it is not ready before it takes no more connections',
  }),
  SEARCH_DEADLINE_MS: milliseconds(2000, 'Longest that a search waits for airlines'),
  SEARCH_FRESH_MS: Type.Integer({
    minimum: 0,
    maximum: 3_600_000,
    default: 60_000,
    description: 'How long an airline’s offers count as fresh; 0 asks the airlines anew for every search',
  }),
  SEARCH_STALE_MS: Type.Integer({
    minimum: 0,
    maximum: 3_600_000,
    default: 540_000,
    description: 'How much longer they are shown, marked stale, while they are refreshed or the airline is down',
  }),
  ITINERARY_DEADLINE_MS: milliseconds(5000, 'Longest that an itinerary waits for airlines'),
  BOOKING_DEADLINE_MS: milliseconds(30_000, 'Longest that a booking call waits for airlines'),
  BOOKING_LOOK_UP_MS: Type.Integer({
    minimum: 1000,
    maximum: 86_400_000,
    default: 1_800_000,
    description: 'How long an order is looked up, after it was last asked for, before it counts as never made',
  }),
  BOOKING_ASK_AGAIN_MS: Type.Integer({
    minimum: 1,
    maximum: 86_400_000,
    default: 5000,
    description: 'How long after an order was asked for it is asked for again, when the airline has none',
  }),
  BOOKING_LEASE_MS: Type.Integer({
    minimum: 1000,
    maximum: 600_000,
    default: 8000,
    description: 'How soon after a gateway died another takes up its bookings; what lives renews its lease',
  }),
  BOOKING_POLL_MS: Type.Integer({
    minimum: 20,
    maximum: 600_000,
    default: 1000,
    description: 'How often a gateway looks for bookings that are due',
  }),
  BOOKING_BACK_OFF_MS: milliseconds(
    1000,
    'First wait before a booking that does not get on is tried again; it doubles',
  ),
  BOOKING_BACK_OFF_MOST_MS: milliseconds(60_000, 'Longest such wait'),
})
type Environment = Static<typeof Environment>

/** Where one airline is and how to sign in. */
export interface AirlineAccess {
  url: string
  /** API key or client id, as the dialect has it. */
  key: string
  /** Client secret, where the dialect has one. */
  secret: string
}

/** What the environment says, checked, defaults filled in. */
export interface Config {
  port: number
  host: string
  dataFolder: string
  /** undefined: cache in the process alone. */
  redisUrl: string | undefined
  /** undefined: a SQLite file in the data folder. */
  databaseUrl: string | undefined
  logLevel: Environment['LOG_LEVEL']
  /** undefined: no control plane, and no faults on request. */
  simToken: string | undefined
  airlinePolicies: Environment['AIRLINE_POLICIES']
  searchesAtOnce: number
  /** Milliseconds; 0: never refuse for it. */
  eventLoopDelayMs: number
  bookingsAtOnce: number
  /** 0: no limit. */
  rateLimitPerMinute: number
  /** Addresses and networks of the proxies that may name the client; undefined: none. */
  trustProxy: string[] | undefined
  /** Milliseconds. */
  shutdownDrainMs: number
  searchDeadlineMs: number
  searchFreshMs: number
  searchStaleMs: number
  itineraryDeadlineMs: number
  bookingDeadlineMs: number
  bookingLookUpMs: number
  bookingAskAgainMs: number
  bookingLeaseMs: number
  bookingPollMs: number
  bookingBackOffMs: { first: number; most: number }
  /** By airline name, in registry order. */
  airlines: ReadonlyMap<string, AirlineAccess>
}

/** The environment says something that cannot be; the message names each variable. */
export class ConfigError extends Error {
  override name = 'ConfigError'
}

/**
 * Reads the environment; an empty variable counts as unset. Each airline of the registry has three variables named
 * after it: _URL, _KEY and _SECRET. Throws ConfigError.
 */
export function loadConfig(
  environment: Record<string, string | undefined> = process.env,
  registry: readonly Pick<ConnectorFactory, 'airline'>[] = airlines,
): Config {
  const data = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  )
  const names = registry.map(({ airline }) => airline.name)
  const checked = check(data, names)
  return {
    port: checked.PORT,
    host: checked.HOST,
    dataFolder: checked.FANFARE_DATA,
    redisUrl: checked.REDIS_URL,
    databaseUrl: checked.DATABASE_URL,
    logLevel: checked.LOG_LEVEL,
    simToken: checked.FANFARE_SIM_TOKEN,
    airlinePolicies: checked.AIRLINE_POLICIES,
    searchesAtOnce: checked.SEARCHES_AT_ONCE,
    eventLoopDelayMs: checked.EVENT_LOOP_DELAY_MS,
    bookingsAtOnce: checked.BOOKINGS_AT_ONCE,
    rateLimitPerMinute: checked.RATE_LIMIT_PER_MINUTE,
    trustProxy: checked.TRUST_PROXY === undefined ? undefined : readProxies(checked.TRUST_PROXY),
    shutdownDrainMs: checked.SHUTDOWN_DRAIN_MS,
    searchDeadlineMs: checked.SEARCH_DEADLINE_MS,
    searchFreshMs: checked.SEARCH_FRESH_MS,
    searchStaleMs: checked.SEARCH_STALE_MS,
    itineraryDeadlineMs: checked.ITINERARY_DEADLINE_MS,
    bookingDeadlineMs: checked.BOOKING_DEADLINE_MS,
    bookingLookUpMs: checked.BOOKING_LOOK_UP_MS,
    bookingAskAgainMs: checked.BOOKING_ASK_AGAIN_MS,
    bookingLeaseMs: checked.BOOKING_LEASE_MS,
    bookingPollMs: checked.BOOKING_POLL_MS,
    bookingBackOffMs: { first: checked.BOOKING_BACK_OFF_MS, most: checked.BOOKING_BACK_OFF_MOST_MS },
    airlines: new Map(
      names.map((name, place) => {
        const { url, key, secret } = variablesOf(name)
        const access = {
          url: data[url] ?? `http://127.0.0.1:${checked.AIRLINE_PORT_BASE + place}`,
          key: data[key] ?? 'fanfare',
          secret: data[secret] ?? 'fanfare-secret',
        }
        return [name, access]
      }),
    ),
  }
}

/** Throws ConfigError naming what is no address. */
function readProxies(text: string): string[] {
  const proxies = text.split(',').map((proxy) => proxy.trim())
  const wrong = proxies.filter((proxy) => !isNetwork(proxy))
  if (wrong.length > 0) throw new ConfigError(`TRUST_PROXY must name addresses or networks, not ${wrong.join(', ')}`)
  return proxies
}

function isNetwork(text: string): boolean {
  if (/^[a-z]+$/.test(text)) return true
  const [address = '', bits] = text.split('/')
  const version = isIP(address)
  return version !== 0 && (bits === undefined || Number(bits) <= (version === 4 ? 32 : 128))
}

function variablesOf(airline: string) {
  const prefix = airline.toUpperCase()
  return { url: `${prefix}_URL`, key: `${prefix}_KEY`, secret: `${prefix}_SECRET` }
}

function check(data: Record<string, string | undefined>, names: string[]): Environment {
  const urls = names.map((name) => [variablesOf(name).url, Type.Optional(httpUrl(`Where ${name} is`))])
  const schema = Type.Object({ ...Environment.properties, ...Object.fromEntries(urls) })
  const ajv = new Ajv({ allErrors: true, coerceTypes: true, useDefaults: true, removeAdditional: true })
  try {
    return envSchema<Environment>({ schema, data, env: false, ajv })
  } catch (error) {
    const wrong = ajv.errors?.map(({ instancePath, message, params }) => {
      const allowed = Array.isArray(params.allowedValues) ? `: ${params.allowedValues.join(', ')}` : ''
      return `${instancePath.slice(1)} ${message}${allowed}`
    })
    throw new ConfigError(wrong?.join('\n') ?? String(error), { cause: error })
  }
}
