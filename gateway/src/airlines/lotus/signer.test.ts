import { createHash, createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import { createSigner } from './signer.ts'

const access = { key: 'our-key', secret: 'our-secret', now: () => 1_893_466_800_000 }

function expected(headers: Record<string, string>, parts: string[], body: string): string {
  const digest = createHash('sha256').update(body).digest('hex')
  const head = ['LOTUS-HMAC-SHA256', 'our-key', headers['x-lotus-timestamp'], headers['x-lotus-nonce']]
  return createHmac('sha256', 'our-secret')
    .update([...head, ...parts, digest].join('\n'))
    .digest('hex')
}

test('signs method, path, query and body, under our key, at our time', () => {
  const { sign } = createSigner(access)
  const post = sign('POST', '/v1/searches', '{"from":"DEL"}')
  expect(post).toMatchObject({ 'x-lotus-key': 'our-key', 'x-lotus-timestamp': '1893466800000' })
  expect(post['x-lotus-signature']).toBe(expected(post, ['POST', '/v1/searches', ''], '{"from":"DEL"}'))
  const get = sign('GET', '/v1/reservations?idempotencyKey=A%26B?', '')
  expect(get['x-lotus-signature']).toBe(expected(get, ['GET', '/v1/reservations', 'idempotencyKey=A%26B?'], ''))
})

test('never uses a nonce twice', () => {
  const { sign } = createSigner(access)
  const nonces = Array.from({ length: 1_000 }, () => sign('GET', '/v1/x', '')['x-lotus-nonce'])
  expect(new Set(nonces).size).toBe(1_000)
  for (const nonce of nonces) expect(nonce).toMatch(/^[A-Za-z0-9_-]{16,64}$/)
})

test('goes by the airline’s clock once it is told, and keeps it going', () => {
  let now = 1_000_000
  const { sign, setClock } = createSigner({ ...access, now: () => now })
  setClock(5_000_000)
  now += 250
  expect(sign('GET', '/v1/x', '')['x-lotus-timestamp']).toBe('5000250')
})
