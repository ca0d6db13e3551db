import { LRUCache } from 'lru-cache'

/** Bytes of answers that one recall keeps. */
const keptBytes = 16 * 1024 * 1024

/**
 * Reads answers, and remembers what was read: the same bytes to the same question give the very same value again. What is
 * read must not be changed by whoever gets it. `read` may throw; then nothing is remembered.
 */
export function createRecall<T>(read: (bytes: Buffer) => T): (question: string, bytes: Buffer) => T {
  const known = new LRUCache<string, { bytes: Buffer; value: T }>({
    maxSize: keptBytes,
    sizeCalculation: ({ bytes }) => Math.max(1, bytes.length),
  })
  return (question, bytes) => {
    const last = known.get(question)
    if (last?.bytes.equals(bytes)) return last.value
    const value = read(bytes)
    known.set(question, { bytes, value })
    return value
  }
}
