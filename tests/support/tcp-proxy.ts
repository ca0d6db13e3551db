import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { freePort } from './ports.ts'

/** A way to a server that can be taken away and brought back, as a cable can. */
export interface TcpProxy {
  port: number
  /** Ends every connection and refuses further ones, as a server that is stopped. */
  cut(): Promise<void>
  /** Keeps connections and takes new ones, but lets nothing through, as a host that is gone from the network. */
  freeze(): void
  /** Lets everything through again. */
  restore(): Promise<void>
  close(): Promise<void>
}

/** A proxy of 127.0.0.1 to the target. */
export async function openTcpProxy(target: { host: string; port: number }): Promise<TcpProxy> {
  const port = await freePort()
  const sockets = new Set<Socket>()
  let isFrozen = false
  let server: Server | null = null

  function forward(client: Socket) {
    const upstream = connect(target)
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from)
      from.on('data', (chunk) => {
        if (!isFrozen) to.write(chunk)
      })
      from.on('error', () => {})
      from.on('close', () => {
        sockets.delete(from)
        if (!isFrozen) to.destroy()
      })
    }
  }

  async function listen() {
    server = createServer(forward).listen(port, '127.0.0.1')
    await once(server, 'listening')
  }

  async function cut() {
    const closing = server
    server = null
    for (const socket of sockets) socket.destroy()
    if (!closing) return
    closing.close()
    await once(closing, 'close')
  }

  await listen()
  return {
    port,
    cut,
    freeze() {
      isFrozen = true
    },
    async restore() {
      // What was lost on the way stays lost: its connections are of no use any more.
      if (isFrozen) for (const socket of sockets) socket.destroy()
      isFrozen = false
      if (!server) await listen()
    },
    close: cut,
  }
}
