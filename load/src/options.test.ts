import { describe, expect, it } from 'vitest'
import { readOptions } from './options.ts'
import { UsageError } from './usage-error.ts'

const read = (line: string, env: NodeJS.ProcessEnv = {}) =>
  readOptions(
    line.split(' ').filter((word) => word !== ''),
    env,
  )

describe('the command line', () => {
  it('needs nothing', () => {
    expect(read('')).toMatchObject({
      url: 'http://127.0.0.1:8080',
      token: 'fanfare',
      reports: 'load/reports',
      plan: null,
      scenario: { stages: [{ rate: 10, seconds: 30 }], lookToBook: 200, slo: [] },
    })
    expect(read('--help')).toBeNull()
  })

  it('goes before the scenario and the environment', () => {
    const line =
      'sale --rate 1..9 --duration 2m --seed x --look-to-book 1000 --routes uniform --in-flight 7 --url http://h:1/ --sim-token u'
    expect(read(line, { FANFARE_URL: 'http://other', FANFARE_SIM_TOKEN: 'other' })).toMatchObject({
      url: 'http://h:1',
      token: 'u',
      scenario: {
        title: 'A sale',
        stages: [{ from: 1, rate: 9, seconds: 120 }],
        seed: 'x',
        lookToBook: 1000,
        inFlight: 7,
        routes: { popularity: 'uniform', only: ['DEL-BOM', 'BOM-DEL', 'DEL-BLR', 'DEL-DXB', 'BOM-GOI'] },
      },
    })
    expect(read('', { FANFARE_URL: 'http://other', FANFARE_SIM_TOKEN: 'mine' })).toMatchObject({
      url: 'http://other',
      token: 'mine',
    })
  })

  it('adds up objectives, repeated or with commas', () => {
    expect(read('--slo p99=250ms,errors=0.1% --slo completeness=99%')?.scenario.slo).toEqual([
      'p99=250ms',
      'errors=0.1%',
      'completeness=99%',
    ])
  })

  it.each([
    ['--rate fast', '--rate'],
    ['--rate 1..2..3', '--rate'],
    ['--duration 5y', '--duration'],
    ['ramp --rate 5', '--duration'],
    ['--routes gauss', '--routes'],
    ['--routes zipf:', '--routes'],
    ['--slo p99', 'p99'],
    ['--url ftp://x', '--url'],
    ['--airlines saffron', '--airlines'],
    ['--in-flight many', '--in-flight'],
    ['--in-flight 0.5', '/inFlight'],
    ['--loud', '--loud'],
    ['steady sale', 'One scenario'],
  ])('%s is refused, naming %s', (line, what) => {
    expect(() => read(line)).toThrow(UsageError)
    expect(() => read(line)).toThrow(what)
  })
})
