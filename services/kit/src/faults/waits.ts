import type { Socket } from 'node:net'

/** Answers that are kept back. */
export interface Waits {
  /** Resolves after so many milliseconds (Infinity: never), or as soon as the caller has left or `end` was called. */
  pause(ms: number, socket: Socket): Promise<void>
  /** Ends every pause, and each that is asked for later at once. */
  end(): void
}

/** No pauses under way. */
export function createWaits(): Waits {
  const wakers = new Set<() => void>()
  let isOver = false

  return {
    pause(ms, socket) {
      if (isOver || socket.destroyed || ms <= 0) return Promise.resolve()
      return new Promise((resolve) => {
        const timer = Number.isFinite(ms) ? setTimeout(wake, ms) : undefined
        function wake() {
          clearTimeout(timer)
          wakers.delete(wake)
          socket.off('close', wake)
          resolve()
        }
        wakers.add(wake)
        socket.once('close', wake)
      })
    },
    end() {
      isOver = true
      for (const wake of [...wakers]) wake()
    },
  }
}
