import { describe, expect, test } from 'vitest'
import { ConfigError, loadConfig } from './config.ts'
import type { Airline } from './schemas/airline.ts'

const airline = (name: string): { airline: Airline } => ({
  airline: {
    name,
    designator: '0X',
    title: name,
    currency: 'INR',
    dialect: 'none',
    capabilities: { hold: true, seatSelection: true, baggage: 'piece', connections: false },
  },
})
const registry = [airline('alpha'), airline('beta')]
const load = (environment: Record<string, string>) => loadConfig(environment, registry)

describe('loadConfig', () => {
  test('has a default for everything', () => {
    expect(load({})).toEqual({
      port: 8080,
      host: '127.0.0.1',
      dataFolder: './data',
      redisUrl: undefined,
      databaseUrl: undefined,
      logLevel: 'warn',
      simToken: undefined,
      airlinePolicies: 'on',
      searchesAtOnce: 500,
      eventLoopDelayMs: 500,
      bookingsAtOnce: 500,
      rateLimitPerMinute: 0,
      trustProxy: undefined,
      shutdownDrainMs: 0,
      searchDeadlineMs: 2000,
      searchFreshMs: 60000,
      searchStaleMs: 540000,
      itineraryDeadlineMs: 5000,
      bookingDeadlineMs: 30000,
      bookingLookUpMs: 1800000,
      bookingAskAgainMs: 5000,
      bookingLeaseMs: 8000,
      bookingPollMs: 1000,
      bookingBackOffMs: { first: 1000, most: 60000 },
      airlines: new Map([
        ['alpha', { url: 'http://127.0.0.1:8101', key: 'fanfare', secret: 'fanfare-secret' }],
        ['beta', { url: 'http://127.0.0.1:8102', key: 'fanfare', secret: 'fanfare-secret' }],
      ]),
    })
  })

  test('reads what is set, ports as numbers, and ignores what is not its own', () => {
    const config = load({
      PORT: '0',
      AIRLINE_PORT_BASE: '9001',
      REDIS_URL: 'redis://h:6379',
      LOG_LEVEL: 'debug',
      SHELL: 'x',
    })
    expect(config).toMatchObject({ port: 0, redisUrl: 'redis://h:6379', logLevel: 'debug' })
    expect([...config.airlines.values()].map(({ url }) => url)).toEqual([
      'http://127.0.0.1:9001',
      'http://127.0.0.1:9002',
    ])
  })

  test('gives each airline its own variables', () => {
    const config = load({ BETA_URL: 'https://beta.example', BETA_KEY: 'k', ALPHA_SECRET: 's' })
    expect(config.airlines.get('beta')).toEqual({ url: 'https://beta.example', key: 'k', secret: 'fanfare-secret' })
    expect(config.airlines.get('alpha')).toMatchObject({ url: 'http://127.0.0.1:8101', secret: 's' })
  })

  test('takes an empty variable as unset', () => {
    expect(load({ REDIS_URL: '', PORT: '', ALPHA_URL: '' })).toEqual(load({}))
  })

  test.each([
    ['PORT', 'eighty'],
    ['PORT', '70000'],
    ['PORT', '80.5'],
    ['AIRLINE_PORT_BASE', '0'],
    ['REDIS_URL', 'localhost:6379'],
    ['LOG_LEVEL', 'loud'],
    ['SEARCH_DEADLINE_MS', '0'],
    ['SEARCH_DEADLINE_MS', '-5'],
    ['BOOKING_DEADLINE_MS', 'soon'],
    ['BOOKING_LEASE_MS', '999'],
    ['BOOKING_LOOK_UP_MS', '86400001'],
    ['BOOKING_POLL_MS', '0'],
    ['BOOKING_BACK_OFF_MS', '1.5'],
    ['BOOKING_BACK_OFF_MOST_MS', '600001'],
    ['DATABASE_URL', 'mysql://h/bookings'],
    ['ALPHA_URL', 'alpha.example'],
    ['BOOKINGS_AT_ONCE', '0'],
    ['RATE_LIMIT_PER_MINUTE', '-1'],
    ['TRUST_PROXY', 'true'],
    ['TRUST_PROXY', 'a proxy'],
    ['TRUST_PROXY', '10.0.0.300'],
    ['TRUST_PROXY', '10.0.0.0/33'],
    ['TRUST_PROXY', 'fe80::/129'],
    ['TRUST_PROXY', 'loopback,'],
  ])('names %s when it is %s', (name, value) => {
    expect(() => load({ [name]: value })).toThrow(ConfigError)
    expect(() => load({ [name]: value })).toThrow(new RegExp(`^${name} must `))
  })

  test('names every wrong variable at once', () => {
    expect(() => load({ PORT: 'x', LOG_LEVEL: 'y' })).toThrow(
      /PORT must.*\nLOG_LEVEL must be equal to one of the allowed values: fatal, error/,
    )
  })

  test('reads the proxies that may name a client', () => {
    expect(load({ TRUST_PROXY: 'loopback, 10.0.0.0/8,fd00::1' }).trustProxy).toEqual([
      'loopback',
      '10.0.0.0/8',
      'fd00::1',
    ])
  })

  test('does not alter what it is given', () => {
    const environment = Object.freeze({ PORT: '81', SHELL: 'x' })
    expect(loadConfig(environment, registry).port).toBe(81)
  })
})
