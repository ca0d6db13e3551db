import type { FastifyReply } from 'fastify'
import { ClientLeft } from '../upstream/wait.ts'

/** Aborts with ClientLeft when the client goes away before it has the whole answer. */
export function clientLeft({ raw }: FastifyReply): AbortSignal {
  const controller = new AbortController()
  const leave = () => {
    if (!raw.writableFinished) controller.abort(new ClientLeft())
  }
  if (raw.destroyed) leave()
  else raw.once('close', leave)
  return controller.signal
}

/** nginx's word for it; nobody reads the answer. */
const clientClosedRequest = 499

/** Ends a request whose client left; throws on whatever else it was. */
export function endUnread(error: unknown, reply: FastifyReply): FastifyReply {
  if (!(error instanceof ClientLeft)) throw error
  return reply.code(clientClosedRequest).send()
}
