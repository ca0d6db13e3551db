import { createServer, type RequestListener, type Server } from 'node:http'
import type { HttpLimits } from './limits.ts'

/** Node's HTTP server with the limits that it keeps by itself. */
export function createHttpServer(limits: HttpLimits, listener: RequestListener): Server {
  const server = createServer(
    {
      headersTimeout: Math.min(limits.headersMs, limits.requestMs),
      requestTimeout: limits.requestMs,
      keepAliveTimeout: limits.keepAliveMs,
      connectionsCheckingInterval: limits.checkEveryMs,
      maxHeaderSize: limits.headerBytes,
    },
    listener,
  )
  server.setTimeout(limits.unreadMs)
  return server
}
