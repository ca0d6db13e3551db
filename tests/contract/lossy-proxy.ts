import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'

/**
 * What becomes of the airline's answer on its way back:
 * - pass: nothing
 * - html: a page with status 200 in its place; missing: the same with 404
 * - half: its first half, as if that were all; empty: nothing of it
 * - cut: its first half, then the connection breaks
 * - failure: a bare 500 in its place
 * - silence: it never comes
 * - tooMany: the airline never hears of the request; 429 with a Retry-After of 7 seconds
 */
export type Loss = 'pass' | 'html' | 'missing' | 'half' | 'empty' | 'cut' | 'failure' | 'silence' | 'tooMany'

/** Stands between a connector and its airline: hands every request on, then loses the answer as told. */
export interface LossyProxy {
  url: string
  lose(loss: Loss): void
  close(): Promise<void>
}

/** Opens a proxy to an airline; it passes everything until told otherwise. */
export async function openLossyProxy(target: string): Promise<LossyProxy> {
  let loss: Loss = 'pass'
  const server = createServer((request, response) => {
    handle(target, loss, request, response).catch(() => response.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    lose(next) {
      loss = next
    },
    async close() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

async function handle(target: string, loss: Loss, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (loss === 'tooMany') {
    request.resume()
    response.writeHead(429, { 'retry-after': '7', 'content-type': 'text/plain' }).end('slow down')
    return
  }
  const answer = await handOn(target, request)
  const body = Buffer.from(await answer.arrayBuffer())
  const half = body.subarray(0, Math.floor(body.length / 2))
  const type = answer.headers.get('content-type') ?? 'application/octet-stream'
  switch (loss) {
    case 'pass':
      response.writeHead(answer.status, { 'content-type': type }).end(body)
      break
    case 'html':
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html><body>Welcome</body></html>')
      break
    case 'missing':
      response.writeHead(404, { 'content-type': 'text/html' }).end('<html><body>Not here</body></html>')
      break
    case 'half':
      response.writeHead(answer.status, { 'content-type': type }).end(half)
      break
    case 'empty':
      response.writeHead(answer.status, { 'content-type': type }).end()
      break
    case 'cut':
      response.writeHead(answer.status, { 'content-type': type, 'content-length': body.length })
      response.write(half, () => response.destroy())
      break
    case 'failure':
      response.writeHead(500).end()
      break
    case 'silence':
      break
  }
}

async function handOn(target: string, request: IncomingMessage): Promise<Response> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  const headers = new Headers()
  for (const [name, value] of Object.entries(request.headers)) {
    if (!['host', 'connection', 'content-length'].includes(name) && typeof value === 'string') headers.set(name, value)
  }
  const body = chunks.length > 0 ? { body: Buffer.concat(chunks) } : {}
  return fetch(`${target}${request.url}`, { method: request.method ?? 'GET', headers, ...body })
}
