import { hash } from 'node:crypto'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { bodyLength, type Entry } from '../cache/entry.ts'
import type { Store } from '../cache/store.ts'

/** A ready answer: bytes that are sent as they are. */
export interface Answer {
  /** Its name in the cache. */
  key: string
  entry: Entry
  /** Where it came from; collapsed: made just now for another request that asked the same; alone: made for this one, not kept. */
  from: 'memory' | 'redis' | 'miss' | 'collapsed' | 'alone'
  /** How long ago it was made. */
  ageMs: number
}

const gzipBytes = promisify(gzip)

/** Smaller bodies are not worth compressing. */
const minGzipBytes = 1024

/** The entry of an answer, which is given as JSON, with its tag. */
export function toEntry(body: Buffer, times: Pick<Entry, 'storedAt' | 'freshUntil' | 'keepUntil'>): Entry {
  return { body, gzip: null, etag: `"${hash('sha256', body, 'base64url').slice(0, 27)}"`, ...times }
}

/** Whether the answer is sent compressed to whom that suits. */
export function isWorthGzip(entry: Entry): boolean {
  return bodyLength(entry) > minGzipBytes
}

/** Compresses answers, each once however many ask. */
export function createCompressor(store: Store): (answer: Answer) => Promise<Buffer> {
  const underWay = new WeakMap<Entry, Promise<Buffer>>()

  async function compress({ key, entry }: Answer): Promise<Buffer> {
    const { body, etag, storedAt, freshUntil, keepUntil } = entry
    const bytes = await gzipBytes(body)
    if (store.fresh(key) === entry) store.set(key, { body, gzip: bytes, etag, storedAt, freshUntil, keepUntil })
    return bytes
  }

  return async (answer) => {
    if (answer.entry.gzip) return answer.entry.gzip
    const bytes = underWay.get(answer.entry) ?? compress(answer)
    underWay.set(answer.entry, bytes)
    return bytes
  }
}
