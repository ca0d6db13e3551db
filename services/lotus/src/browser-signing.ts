/** A request as Swagger UI is about to send it. */
export type BrowserRequest = {
  url?: string
  method?: string
  headers?: Record<string, string>
  body?: unknown
  /** Set when Swagger UI reads the description itself. */
  loadSpec?: boolean
}

/**
 * Signs what Swagger UI sends, in the reader's browser: asks once for key and secret, keeps them in the page alone, and
 * judges time by Lotus Air's clock. Swagger UI gets its source text, so it may use nothing from around it.
 */
export async function signInBrowser(request: BrowserRequest): Promise<BrowserRequest> {
  const { pathname, search, origin } = new URL(request.url ?? 'about:blank')
  if (request.loadSpec || !pathname.startsWith('/v1/') || pathname === '/v1/time') return request

  let access: unknown = Reflect.get(globalThis, 'lotusAccess')
  if (typeof access !== 'string') {
    const ask: unknown = Reflect.get(globalThis, 'prompt')
    const question = 'Key and secret to sign with, as key:secret. They stay in this page.'
    access = typeof ask === 'function' ? Reflect.apply(ask, globalThis, [question, 'fanfare:fanfare-secret']) : null
    Reflect.set(globalThis, 'lotusAccess', access)
  }
  if (typeof access !== 'string') return request
  const colon = access.indexOf(':')
  const key = access.slice(0, colon)

  const bytes = (text: string) => new TextEncoder().encode(text)
  const hex = (buffer: ArrayBuffer) =>
    Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, '0')).join('')
  const { epochMs }: { epochMs: number } = JSON.parse(await (await fetch(`${origin}/v1/time`)).text())
  const nonce = crypto.randomUUID()
  const body = typeof request.body === 'string' ? request.body : ''
  const digest = hex(await crypto.subtle.digest('SHA-256', bytes(body)))
  const method = (request.method ?? 'GET').toUpperCase()
  const text = ['LOTUS-HMAC-SHA256', key, epochMs, nonce, method, pathname, search.slice(1), digest].join('\n')
  const hmac = { name: 'HMAC', hash: 'SHA-256' }
  const secret = await crypto.subtle.importKey('raw', bytes(access.slice(colon + 1)), hmac, false, ['sign'])
  const signature = hex(await crypto.subtle.sign('HMAC', secret, bytes(text)))
  request.headers = {
    ...request.headers,
    'X-Lotus-Key': key,
    'X-Lotus-Timestamp': `${epochMs}`,
    'X-Lotus-Nonce': nonce,
    'X-Lotus-Signature': signature,
  }
  return request
}
