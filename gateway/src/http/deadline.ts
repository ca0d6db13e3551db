import type { FastifyReply, preValidationHookHandler } from 'fastify'
import { Type } from 'typebox'
import { FanfareError } from '../errors.ts'
import type { Wait } from '../upstream/wait.ts'
import { clientLeft } from './client-left.ts'

/** The header, and what it may say. Lower-case, as headers are looked up. */
export const deadlineHeader = 'fanfare-deadline'
const form = /^([1-9]\d{0,3}|[1-5]\d{4}|60000)$/

/** A headers schema's property: how long the client waits; `what` says what there is by then. */
export function DeadlineHeader(what: string) {
  const schema = Type.Integer({
    minimum: 1,
    maximum: 60_000,
    description: `How long the client waits, in milliseconds from the request’s arrival; as configured unless given. ${what}`,
    examples: [1500],
  })
  return { [deadlineHeader]: Type.Optional(schema) }
}

/** Takes digits alone for a number, which the schemas of headers do not. Refuses others with invalid_request. */
export const deadlineHook: preValidationHookHandler = ({ headers }, _reply, done) => {
  const given = headers[deadlineHeader]
  if (given === undefined || (typeof given === 'string' && form.test(given))) {
    done()
    return
  }
  const message = 'must be a whole number of milliseconds from 1 to 60000'
  const errors = [{ path: `/${deadlineHeader}`, message }]
  done(new FanfareError('invalid_request', `Headers: Fanfare-Deadline ${message}`, { errors }))
}

/** How long the client of this request waits. */
export function waitOf(deadlineMs: number | undefined, reply: FastifyReply): Wait {
  return { deadlineMs: deadlineMs ?? null, passedMs: reply.elapsedTime, left: clientLeft(reply) }
}

/** Milliseconds that are left of the client's deadline; undefined: as configured. */
export function msLeft(deadlineMs: number | undefined, reply: FastifyReply): number | undefined {
  return deadlineMs === undefined ? undefined : Math.max(0, deadlineMs - reply.elapsedTime)
}
