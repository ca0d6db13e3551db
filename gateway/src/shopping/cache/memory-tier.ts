import { LRUCache } from 'lru-cache'
import { bodyLength, type Entry } from './entry.ts'

/** The first tier: the process's own, bounded in bytes, the least recently used leaving first. */
export type MemoryTier = LRUCache<string, Entry>

/** What one entry takes besides its bytes and its key, roughly. */
const overheadBytes = 300

/** Opens a memory tier of at most `maxBytes`; what would take more than a quarter of it is not kept. */
export function createMemoryTier(maxBytes: number): MemoryTier {
  return new LRUCache({
    maxSize: maxBytes,
    maxEntrySize: Math.ceil(maxBytes / 4),
    sizeCalculation: (entry, key) => bodyLength(entry) + (entry.gzip?.length ?? 0) + key.length + overheadBytes,
  })
}
