import type { RefusalCode } from '@fanfare/kit'
import fastify from 'fastify'
import { expect, it } from 'vitest'
import { refusalError, sendError } from './errors.ts'

const every: RefusalCode[] = [
  'unknown_airport',
  'offer_not_found',
  'offer_expired',
  'sold_out',
  'price_changed',
  'seat_taken',
  'seat_unknown',
  'baggage_unknown',
  'passengers_mismatch',
  'holds_not_offered',
  'client_reference_reused',
  'order_not_found',
  'hold_lapsed',
  'not_held',
  'not_cancellable',
]

it('gives every refusal a code of its own and a status that blames the request', () => {
  const errors = every.map(refusalError)
  expect(new Set(errors.map(({ code }) => code)).size).toBe(errors.length)
  for (const { code, status } of errors) {
    expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/)
    expect([400, 404, 409, 410]).toContain(status)
  }
})

it('tells nothing of its own faults', async () => {
  const app = fastify()
  app.setErrorHandler(sendError)
  app.get('/', () => {
    throw new Error('secret path')
  })
  const reply = await app.inject('/')
  await app.close()
  expect(reply.statusCode).toBe(500)
  expect(reply.json()).toEqual({ errors: [{ code: 'internal', detail: 'Lotus Air could not do this' }] })
})
