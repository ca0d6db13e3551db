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
  })
})

it('takes an empty variable for none, so that an empty token opens nothing', () => {
  expect(readAirlineConfig('saffron', { FANFARE_SIM_TOKEN: '', SAFFRON_KEY: '', PORT: '' })).toEqual(
    readAirlineConfig('saffron', {}),
  )
})

it.each(['-1', '1.5', '65536', '080x', ' '])('refuses the port %j', (PORT) => {
  expect(() => readAirlineConfig('saffron', { PORT })).toThrow(/PORT must be/)
})
