import { expect, it } from 'vitest'
import { readAirlineConfig } from './config.ts'

it('has a default for everything', () => {
  expect(readAirlineConfig('saffron', {})).toEqual({
    port: 0,
    host: '127.0.0.1',
    dataFolder: './data',
    seed: 'fanfare',
    simToken: undefined,
    logLevel: 'warn',
    key: 'fanfare',
    secret: 'fanfare-secret',
    lieRate: undefined,
    profile: 'realistic',
  })
})

it('reads every variable, and the credentials of its own airline alone', () => {
  const environment = {
    PORT: '8101',
    HOST: '0.0.0.0',
    FANFARE_DATA: '/srv/fanfare',
    FANFARE_SEED: 'monsoon-2030',
    FANFARE_SIM_TOKEN: 'sim',
    LOG_LEVEL: 'debug',
    SAFFRON_KEY: 'k',
    SAFFRON_SECRET: 's',
    MONSOON_KEY: 'theirs',
    FANFARE_LIE_RATE: '0.5',
    FANFARE_PROFILE: 'chaos',
  }
  expect(readAirlineConfig('saffron', environment)).toEqual({
    port: 8101,
    host: '0.0.0.0',
    dataFolder: '/srv/fanfare',
    seed: 'monsoon-2030',
    simToken: 'sim',
    logLevel: 'debug',
    key: 'k',
    secret: 's',
    lieRate: 0.5,
    profile: 'chaos',
  })
})

it('lets an airline’s own rate of lies go before that of all airlines', () => {
  const environment = { FANFARE_LIE_RATE: '0', NILGIRI_LIE_RATE: '1' }
  expect(readAirlineConfig('nilgiri', environment).lieRate).toBe(1)
  expect(readAirlineConfig('saffron', environment).lieRate).toBe(0)
})

it.each(['-0.1', '1.1', 'often', 'NaN'])('refuses the share %j', (FANFARE_LIE_RATE) => {
  expect(() => readAirlineConfig('nilgiri', { FANFARE_LIE_RATE })).toThrow(/LIE_RATE must be|must be a share/)
})

it('refuses a profile that there is none of, and names the variable', () => {
  expect(() => readAirlineConfig('nilgiri', { FANFARE_PROFILE: 'Chaos' })).toThrow(
    'FANFARE_PROFILE must be one of instant, realistic, chaos, not Chaos',
  )
})

it('takes an empty variable for none, so that an empty token opens nothing', () => {
  expect(readAirlineConfig('saffron', { FANFARE_SIM_TOKEN: '', SAFFRON_KEY: '', PORT: '' })).toEqual(
    readAirlineConfig('saffron', {}),
  )
})

it.each(['-1', '1.5', '65536', '080x', ' '])('refuses the port %j', (PORT) => {
  expect(() => readAirlineConfig('saffron', { PORT })).toThrow(/PORT must be/)
})
