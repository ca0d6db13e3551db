import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'

/** An HTTP server of a test. */
export interface TestServer {
  /** `http://127.0.0.1:<port>` */
  url: string
  close(): Promise<void>
}

/** Listens on a free port of 127.0.0.1. */
export async function serve(listener: RequestListener): Promise<TestServer> {
  const server = createServer(listener)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address: AddressInfo | string | null = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** A server that answers GET by path and header with JSON or text, and 404 elsewhere. */
export function serveAnswers(answers: Record<string, unknown>, token?: string): Promise<TestServer> {
  return serve((request, response) => {
    const body = answers[request.url ?? '']
    const isOpen =
      token === undefined || !request.url?.startsWith('/_sim') || request.headers['fanfare-sim-token'] === token
    response.statusCode = !isOpen ? 401 : body === undefined ? 404 : 200
    response.end(typeof body === 'string' ? body : JSON.stringify(body ?? {}))
  })
}
