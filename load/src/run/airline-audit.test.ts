import { afterEach, describe, expect, it } from 'vitest'
import { auditAirlines } from './airline-audit.ts'
import { serveAnswers, type TestServer } from './testing.ts'

const servers: TestServer[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close()
})

async function server(answers: Record<string, unknown>): Promise<string> {
  const one = await serveAnswers(answers, 'secret')
  servers.push(one)
  return one.url
}

const holding = { holds: true, checks: [{ invariant: 'a seat has one owner', holds: true, violations: [] }] }
const broken = { holds: false, checks: [...holding.checks, { invariant: 'money', holds: false, violations: ['ABC'] }] }
const options = { token: 'secret', airlines: new Map<string, string>() }

describe('the closing audit of the airlines', () => {
  it('asks the gateway, and says which airlines it could not ask', async () => {
    const named = await server({ '/_sim/audit': { holds: false, airlines: { saffron: holding, lotus: broken } } })
    const expected = {
      missing: null,
      airlines: [
        { name: 'saffron', holds: true, invariants: 1, violations: [] },
        { name: 'lotus', holds: false, invariants: 2, violations: ['money: ["ABC"]'] },
      ],
    }
    expect(await auditAirlines({ ...options, url: named })).toEqual(expected)
    const partly = { holds: false, complete: false, airlines: { lotus: broken }, failed: [{ airline: 'saffron' }] }
    const found = await auditAirlines({ ...options, url: await server({ '/_sim/audit': partly }) })
    expect(found).toEqual({ airlines: expected.airlines.slice(1), missing: 'no audit came from saffron' })
  })

  it('asks each airline that the Swagger UI lists where the gateway has no control plane', async () => {
    const [saffron, lotus] = [await server({ '/_sim/audit': holding }), await server({ '/_sim/audit': broken })]
    const urls = `"urls":[{"name":"Fanfare","url":"/openapi.json"},{"name":"Saffron Airways","url":"${saffron}/openapi.json"},{"name":"Lotus Air","url":"${lotus}/openapi.json"}]`
    const url = await server({ '/docs/static/swagger-initializer.js': `window.ui = {${urls}}` })
    const { airlines, missing } = await auditAirlines({ ...options, url })
    expect(missing).toBeNull()
    expect(airlines.map(({ name, holds }) => [name, holds])).toEqual([
      ['Saffron Airways', true],
      ['Lotus Air', false],
    ])
    const given = await auditAirlines({ ...options, url, airlines: new Map([['lotus', lotus]]) })
    expect(given.airlines.map(({ name }) => name)).toEqual(['lotus'])
  })

  it('says why there is none', async () => {
    const empty = await server({ '/_sim/audit': { checks: [] } })
    const url = await server({})
    const why = async (changed: Partial<Parameters<typeof auditAirlines>[0]>) => {
      const { airlines, missing } = await auditAirlines({ ...options, url, ...changed })
      expect(airlines).toEqual([])
      return missing
    }
    expect(await why({ token: 'wrong' })).toMatch(/401.*--sim-token/)
    expect(await why({})).toContain('--airlines')
    expect(await why({ airlines: new Map([['saffron', empty]]) })).toContain('/_sim/audit answered 200')
    expect(await why({ url: 'http://127.0.0.1:9' })).toContain('gives no answer')
  })
})
