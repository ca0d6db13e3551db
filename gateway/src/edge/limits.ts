/** What one client may take of the gateway, in time and in room. */
export interface HttpLimits {
  /** From the connection, or the end of the request before it, to the end of a request's headers, in milliseconds. */
  headersMs: number
  /** From a request's first byte to its last, in milliseconds. */
  requestMs: number
  /** How often the two are looked after, in milliseconds. */
  checkEveryMs: number
  /** How long a connection that asks nothing is kept, in milliseconds. */
  keepAliveMs: number
  /** How long an answer may wait for its client to read on, in milliseconds. */
  unreadMs: number
  /** Connections at once; further ones are closed as they come. */
  connections: number
  /** Requests that may wait on one connection for those before them to be answered. */
  pipelined: number
  /** The request line and headers together, in bytes. */
  headerBytes: number
  /** How many headers a request may have. */
  headers: number
  bodyBytes: number
  /** How long a stopping gateway leaves unused connections open, for requests that are on their way, in milliseconds. */
  lingerMs: number
  /** How long a stopping gateway lets running requests go on, in milliseconds. */
  finishMs: number
}

/** What holds unless something else is said. */
export const defaultLimits: HttpLimits = {
  headersMs: 10_000,
  requestMs: 30_000,
  checkEveryMs: 1_000,
  keepAliveMs: 65_000,
  unreadMs: 20_000,
  connections: 10_000,
  pipelined: 64,
  headerBytes: 16 * 1024,
  headers: 100,
  bodyBytes: 256 * 1024,
  lingerMs: 250,
  finishMs: 8_000,
}

/** The limits that Node's HTTP server keeps by itself, as Fastify takes them. */
export function serverOptions(limits: HttpLimits) {
  return {
    bodyLimit: limits.bodyBytes,
    requestTimeout: limits.requestMs,
    keepAliveTimeout: limits.keepAliveMs,
    connectionTimeout: limits.unreadMs,
    http: {
      headersTimeout: Math.min(limits.headersMs, limits.requestMs),
      connectionsCheckingInterval: limits.checkEveryMs,
      maxHeaderSize: limits.headerBytes,
    },
  }
}
