import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'

/**
 * Ports are taken from below those that systems give to outgoing connections: one of these could sit on the port of a
 * program that was killed, and keep it from starting again.
 */
const lowest = 10_000
const highest = 32_000

/** Files that run at the same time, each in a worker of its own, take theirs from parts of their own: free is not yet taken. */
const parts = 8
const part = Number(process.env.VITEST_POOL_ID ?? 0) % parts
const partSize = (highest - lowest) / parts

/** A port of 127.0.0.1 that was free a moment ago. */
export async function freePort(): Promise<number> {
  const [port = 0] = await freePorts(1)
  return port
}

/** So many free ports of 127.0.0.1 that follow each other. */
export async function freePorts(count: number): Promise<number[]> {
  for (;;) {
    const first = lowest + part * partSize + randomInt(partSize - count + 1)
    const wanted = Array.from({ length: count }, (_, index) => first + index)
    if ((await Promise.all(wanted.map(isFree))).every(Boolean)) return wanted
  }
}

/** Whether nothing listens on the port of 127.0.0.1. */
export async function isFree(port: number): Promise<boolean> {
  const server = createServer()
  try {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
  } catch {
    return false
  }
  server.close()
  await once(server, 'close')
  return true
}
