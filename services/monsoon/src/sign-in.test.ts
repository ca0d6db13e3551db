import { describe, expect, it } from 'vitest'
import { TokenError } from './schemas/errors.ts'
import { Token } from './schemas/tokens.ts'
import { minute, openMonsoon, search } from './testing.ts'

const good = { grant_type: 'client_credentials', client_id: 'agency', client_secret: 's3cret+%' }

describe('the token endpoint', () => {
  it('gives a bearer token for five minutes, to credentials in the form or by HTTP Basic', async () => {
    const { askToken, read } = await openMonsoon()
    const inForm = await askToken(good)
    expect(read(Token, 200, inForm)).toEqual({
      access_token: expect.any(String),
      token_type: 'Bearer',
      expires_in: 300,
    })
    expect(inForm.headers.get('cache-control')).toBe('no-store')

    const grant = { grant_type: 'client_credentials', scope: '', unheard_of: 'ignored' }
    for (const credentials of ['agency:s3cret+%', 'agency:s3cret%2B%25']) {
      const authorization = `Basic ${Buffer.from(credentials).toString('base64')}`
      expect((await askToken(grant, { authorization })).status, credentials).toBe(200)
    }
  })

  it('says no in the words of RFC 6749', async () => {
    const { askToken, read } = await openMonsoon()
    const cases: [Record<string, string> | string, 400 | 401, string][] = [
      [{ ...good, client_secret: 'wrong' }, 401, 'invalid_client'],
      [{ ...good, client_id: 'nobody' }, 401, 'invalid_client'],
      [{ grant_type: 'client_credentials' }, 401, 'invalid_client'],
      [{ ...good, grant_type: 'password' }, 400, 'unsupported_grant_type'],
      [{ ...good, scope: 'everything' }, 400, 'invalid_scope'],
      [{ client_id: 'agency', client_secret: 's3cret+%' }, 400, 'invalid_request'],
      ['grant_type=client_credentials&grant_type=client_credentials', 400, 'invalid_request'],
    ]
    for (const [form, status, error] of cases) {
      const answer = await askToken(form)
      expect(read(TokenError, status, answer).error, JSON.stringify(form)).toBe(error)
      expect(answer.headers.get('www-authenticate')).toBe(status === 401 ? 'Basic realm="monsoon"' : null)
    }
  })

  it('takes nothing for credentials that is not', async () => {
    const { askToken, read, url } = await openMonsoon()
    for (const authorization of ['Basic', 'Basic !!!', 'Basic YWJj', 'Bearer abc', 'Basic YWdlbmN5Og==']) {
      const answer = await askToken({ grant_type: 'client_credentials' }, { authorization })
      expect(read(TokenError, 401, answer).error, authorization).toBe('invalid_client')
    }
    const authorization = `Basic ${Buffer.from('agency:s3cret+%').toString('base64')}`
    expect(read(TokenError, 400, await askToken(good, { authorization })).error).toBe('invalid_request')
    const asJson = await fetch(`${url}/oauth/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(good),
    })
    expect([asJson.status, await asJson.json()]).toEqual([400, expect.objectContaining({ error: 'invalid_request' })])
  })
})

describe('tokens', () => {
  it('are needed for every call, and a missing one is told from a bad one', async () => {
    const { callWith, refusal, signIn, url } = await openMonsoon()
    const token = await signIn()
    const paths = [
      '/flights/seats?fare_key=x',
      '/extras?fare_key=x',
      '/bookings?external_reference=x',
      '/bookings/ABC123',
    ]
    for (const path of paths) {
      const missing = await fetch(`${url}/api/v1${path}`)
      expect([missing.status, await missing.json()], path).toEqual([
        401,
        expect.objectContaining({ error_code: 'TOKEN_MISSING' }),
      ])
      expect(missing.headers.get('www-authenticate')).toBe('Bearer realm="monsoon"')
    }
    for (const bad of [`${token}x`, token.slice(1), 'abc', '']) {
      const answer = await callWith(bad)('POST', '/flights/search', search)
      expect(refusal(answer), bad).toEqual([401, 'TOKEN_INVALID'])
      expect(answer.headers.get('www-authenticate')).toContain('Bearer error="invalid_token"')
    }
  })

  it('last five minutes by the system’s clock', async () => {
    const { callWith, signIn, system } = await openMonsoon()
    const call = callWith(await signIn())
    system.clock.advance(5 * minute - 1)
    expect((await call('POST', '/flights/search', search)).status).toBe(200)
    system.clock.advance(1)
    expect((await call('POST', '/flights/search', search)).status).toBe(401)
    expect((await callWith(await signIn())('POST', '/flights/search', search)).status).toBe(200)
  })
})

describe('the rate limit', () => {
  it('counts by real time and per client, not tokens, and says where the client stands', async () => {
    const real = { time: 1_000 }
    const { callWith, refusal, signIn, system } = await openMonsoon({ perSecond: 2, burst: 4, now: () => real.time })
    const call = callWith(await signIn())
    const look = () => call('POST', '/flights/search', search)
    const remaining = []
    for (let i = 0; i < 4; i++) {
      const { status, headers } = await look()
      expect(status).toBe(200)
      remaining.push(headers.get('ratelimit-remaining'))
      expect(headers.get('ratelimit-limit')).toBe('4')
    }
    expect(remaining).toEqual(['3', '2', '1', '0'])

    const other = callWith(await signIn())
    for (const refused of [await call('GET', '/bookings/ABC123'), await other('POST', '/flights/search', search)]) {
      expect(refusal(refused)).toEqual([429, 'SLOW_DOWN'])
      expect(refused.headers.get('retry-after')).toBe('1')
      expect(refused.headers.get('ratelimit-remaining')).toBe('0')
      expect(refused.headers.get('ratelimit-reset')).toBe('2')
    }
    system.clock.advance(minute)
    expect((await look()).status).toBe(429)
    real.time += 499
    expect((await look()).status).toBe(429)
    real.time += 1
    expect((await look()).status).toBe(200)
    expect((await look()).status).toBe(429)
    for (let i = 0; i < 10; i++) await signIn()
  })

  it('stops a call before it does anything', async () => {
    const real = { time: 1_000 }
    const limit = { perSecond: 1, burst: 2, now: () => real.time }
    const { callWith, cheapest, signIn, system } = await openMonsoon(limit)
    const call = callWith(await signIn())
    const { fare } = await cheapest(call)
    await call('GET', '/bookings/ABC123')
    const booking = { external_reference: 'NEVER', fare_key: fare.fare_key }
    expect((await call('POST', '/bookings', booking)).status).toBe(429)
    expect(system.findByClientReference('NEVER')).toBeNull()
  })
})
