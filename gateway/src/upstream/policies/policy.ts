/** Sends a call to an airline. It ends early, by throwing, once the signal aborts. */
export type Send<T> = (signal: AbortSignal) => Promise<T>

/** Stands around calls: it sends each once, several times or not at all, and gives what came of it. */
export type Policy = <T>(send: Send<T>, signal: AbortSignal) => Promise<T>

/** The policies as one, the first of them outermost. */
export function stack([outermost, ...inner]: readonly Policy[]): Policy {
  if (outermost === undefined) return (send, signal) => send(signal)
  if (inner.length === 0) return outermost
  const rest = stack(inner)
  return (send, signal) => outermost((passedOn) => rest(send, passedOn), signal)
}
