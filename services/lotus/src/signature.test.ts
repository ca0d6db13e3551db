import { createHash, createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import { description } from './description.ts'
import { signatureOf, textToSign } from './signature.ts'

const call = {
  key: 'fanfare',
  timestamp: '1893466800000',
  nonce: '0123456789abcdef',
  method: 'POST',
  target: '/v1/searches?a=1&b=%20?',
  body: '{"from":"DEL"}',
}

test('eight lines are signed: scheme, key, timestamp, nonce, method, path, query as sent, digest of the body', () => {
  const digest = createHash('sha256').update('{"from":"DEL"}').digest('hex')
  const text = [
    'LOTUS-HMAC-SHA256',
    'fanfare',
    '1893466800000',
    '0123456789abcdef',
    'POST',
    '/v1/searches',
    'a=1&b=%20?',
    digest,
  ].join('\n')
  expect(textToSign(call)).toBe(text)
  const expected = createHmac('sha256', 'a secret').update(text).digest('hex')
  expect(signatureOf(call, 'a secret').toString('hex')).toBe(expected)
  expect(
    textToSign({ ...call, target: '/v1/x', body: '' })
      .split('\n')
      .slice(5),
  ).toEqual(['/v1/x', '', createHash('sha256').update('').digest('hex')])
})

test('the example in the description is right', () => {
  const digest = createHash('sha256').update('').digest('hex')
  const lines = ['LOTUS-HMAC-SHA256', 'fanfare', '1893466800000', '0123456789abcdef', 'GET', '/v1/reservations']
  const text = [...lines, 'idempotencyKey=MYSHOP-000123', digest].join('\n')
  expect(description).toContain(createHmac('sha256', 'fanfare-secret').update(text).digest('hex'))
})
