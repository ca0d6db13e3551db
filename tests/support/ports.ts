import { once } from 'node:events'
import { createServer } from 'node:net'

/** A port of 127.0.0.1 that was free a moment ago. */
export async function freePort(): Promise<number> {
  const [port = 0] = await freePorts(1)
  return port
}

/** So many free ports of 127.0.0.1 that follow each other. */
export async function freePorts(count: number): Promise<number[]> {
  for (;;) {
    const first = await listenOn(0)
    const wanted = Array.from({ length: count }, (_, index) => (first ?? 0) + index)
    const others = await Promise.all(wanted.slice(1).map(isFree))
    if (first !== null && others.every(Boolean)) return wanted
  }
}

/** Whether nothing listens on the port of 127.0.0.1. */
export async function isFree(port: number): Promise<boolean> {
  return (await listenOn(port)) !== null
}

/** Listens for a moment; gives the port, or null when it cannot be had. */
async function listenOn(port: number): Promise<number | null> {
  if (port > 65_535) return null
  const server = createServer()
  try {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
  } catch {
    return null
  }
  const address = server.address()
  server.close()
  await once(server, 'close')
  return address === null || typeof address === 'string' ? null : address.port
}
