import { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/**
 * The answer that a connection is busy with, from its request's headers on; null: none. Node keeps it on the socket and
 * goes by it itself when a connection fails, but has no name for it in its interface.
 */
export function answerOf(socket: Socket): ServerResponse | null {
  const answer: unknown = Reflect.get(socket, '_httpMessage')
  return answer instanceof ServerResponse ? answer : null
}
