import { setTimeout as sleep } from 'node:timers/promises'

/** Waits until a condition holds and gives what it gave. Throws, naming it (`what` may tell only then), when it does not in time. */
export async function until<T>(
  what: string | (() => string),
  condition: () => Promise<T | null | undefined | false> | T | null | undefined | false,
  timeoutMs = 30_000,
): Promise<T> {
  const deadline = performance.now() + timeoutMs
  for (;;) {
    const value = await condition()
    if (value !== null && value !== undefined && value !== false) return value
    if (performance.now() > deadline) {
      throw new Error(`Not within ${timeoutMs} ms: ${typeof what === 'string' ? what : what()}`)
    }
    await sleep(20)
  }
}
