import { Refusal } from '@fanfare/kit'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { NdcFault } from './ndc-fault.ts'
import { refusalFault } from './refusals.ts'
import { renderError } from './render/error.ts'

/**
 * Answers a request that failed. `root`: the message that the caller waits for. Whatever NDC has a word for arrives with
 * status 200; what HTTP refuses before the message is read (413, 415), and Banyan's own faults (500), keep their status.
 */
export function sendError(root: string) {
  return (error: FastifyError | Error, request: FastifyRequest, reply: FastifyReply) => {
    const { status, fault } = describe(error)
    if (status >= 500) request.log.error({ err: error }, 'fault of the service itself')
    return reply.status(status).type('application/xml; charset=utf-8').send(renderError(root, fault))
  }
}

function describe(error: FastifyError | Error): { status: number; fault: NdcFault } {
  if (error instanceof NdcFault) return { status: 200, fault: error }
  if (error instanceof Refusal) return { status: 200, fault: refusalFault(error) }
  const status = 'statusCode' in error ? (error.statusCode ?? 500) : 500
  switch (status) {
    case 413:
      return { status, fault: new NdcFault('917', 'send a smaller message') }
    case 415:
      return { status, fault: new NdcFault('914', 'send Content-Type: application/xml') }
    default:
      return status < 500
        ? { status, fault: new NdcFault('914', error.message) }
        : { status: 500, fault: new NdcFault('911', 'Banyan Air could not do this') }
  }
}
