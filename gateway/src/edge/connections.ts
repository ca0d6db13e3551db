import type { Server } from 'node:http'
import { Server as NetServer, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { answerOf } from './answer-of.ts'
import type { HttpLimits } from './limits.ts'
import type { EdgeMeter } from './meter.ts'

/** The connections of a server. */
export interface Connections {
  /** How many are open. */
  open(): number
  /**
   * Takes no more connections, closes unused ones after a while, and waits for what runs on the others; what takes too
   * long is cut off.
   */
  finish(): Promise<void>
}

/** How often the end of the last requests is looked for, in milliseconds. */
const lookEveryMs = 20

/** Watches over a server's connections: their number, and clients that do not read. */
export function watchConnections(server: Server, limits: HttpLimits, meter: EdgeMeter): Connections {
  const sockets = new Set<Socket>()
  server.maxConnections = limits.connections
  server.on('drop', () => meter.cut('too_many'))
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  // Nothing went over it for a while: as it should be while an answer is being made, and for no other reason.
  server.on('timeout', (socket: Socket) => {
    const isUnread = socket.writableLength > 0
    if (!isUnread && answerOf(socket)) return
    if (isUnread) meter.cut('unread_answer')
    socket.destroy()
  })

  /** Node counts a connection as idle from when its answer was written, even if the client is still reading it. */
  const isRead = () => [...sockets].every(({ writableLength }) => writableLength === 0)

  return {
    open: () => sockets.size,

    async finish() {
      // Node's HTTP server would close unused connections at once, with requests that are on their way to it.
      NetServer.prototype.close.call(server)
      const startedAt = performance.now()
      const spentMs = () => performance.now() - startedAt
      while (sockets.size > 0 && spentMs() < limits.finishMs) {
        if (spentMs() >= limits.lingerMs && isRead()) server.closeIdleConnections()
        await pause(lookEveryMs)
      }
      for (const socket of sockets) {
        meter.cut('stopping')
        socket.destroy()
      }
    },
  }
}
