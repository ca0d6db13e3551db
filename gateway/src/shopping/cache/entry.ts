import { constants, crc32, zstdCompressSync, zstdDecompressSync } from 'node:zlib'

/** What both tiers keep: bytes, and since when and for how long they are good. Times are milliseconds since the epoch. */
export interface Entry {
  /** One from Redis is unpacked when it is first read; throws where that cannot be done, which none that we wrote does. */
  readonly body: Buffer
  /** `body` compressed; null while nobody has asked for it so. */
  gzip: Buffer | null
  /** Strong and in its quotes, as in the ETag header; empty for what is never sent as it is. */
  etag: string
  storedAt: number
  /** From then on it is stale. */
  freshUntil: number
  /** From then on it is gone. */
  keepUntil: number
}

const version = 2
const headerBytes = 38
/** Where the part begins that the checksum covers. */
const checkedFrom = 5

/** The fastest level: an answer takes a tenth of its bytes, which costs less than to send them all. */
const level = { [constants.ZSTD_c_compressionLevel]: 1 }

/**
 * An entry as Redis keeps it: version, checksum, length of the tag, three times, lengths of the body as it is and packed
 * (Zstandard); tag, packed body, gzip.
 */
export function encodeEntry({ body, gzip, etag: tag, storedAt, freshUntil, keepUntil }: Entry): Buffer {
  const etag = Buffer.from(tag, 'latin1')
  const packed = zstdCompressSync(body, { params: level })
  const header = Buffer.alloc(headerBytes)
  header.writeUInt8(version, 0)
  header.writeUInt8(etag.length, 5)
  header.writeDoubleBE(storedAt, 6)
  header.writeDoubleBE(freshUntil, 14)
  header.writeDoubleBE(keepUntil, 22)
  header.writeUInt32BE(body.length, 30)
  header.writeUInt32BE(packed.length, 34)
  const bytes = Buffer.concat([header, etag, packed, ...(gzip ? [gzip] : [])])
  bytes.writeUInt32BE(crc32(bytes.subarray(checkedFrom)), 1)
  return bytes
}

/** Reads an entry; null for anything that `encodeEntry` of this version did not write. Nothing of `bytes` is kept. */
export function decodeEntry(bytes: Buffer): Entry | null {
  if (bytes.length < headerBytes || bytes[0] !== version) return null
  if (crc32(bytes.subarray(checkedFrom)) !== bytes.readUInt32BE(1)) return null
  const packedFrom = headerBytes + bytes.readUInt8(5)
  const gzipFrom = bytes.readUInt32BE(34)
  if (packedFrom + gzipFrom > bytes.length) return null
  const own = Buffer.from(bytes.subarray(packedFrom))
  return new PackedEntry(own.subarray(0, gzipFrom), {
    length: bytes.readUInt32BE(30),
    gzip: gzipFrom === own.length ? null : own.subarray(gzipFrom),
    etag: bytes.toString('latin1', headerBytes, packedFrom),
    storedAt: bytes.readDoubleBE(6),
    freshUntil: bytes.readDoubleBE(14),
    keepUntil: bytes.readDoubleBE(22),
  })
}

/** Bytes of the body; to know them nothing is unpacked. */
export function bodyLength(entry: Entry): number {
  return entry instanceof PackedEntry ? entry.length : entry.body.length
}

/** An entry whose body is unpacked when it is first read: whoever takes the gzip beside it never does. */
class PackedEntry implements Entry {
  readonly length: number
  readonly gzip: Buffer | null
  readonly etag: string
  readonly storedAt: number
  readonly freshUntil: number
  readonly keepUntil: number
  #bytes: Buffer
  #isPacked = true

  constructor(packed: Buffer, { length, gzip, etag, storedAt, freshUntil, keepUntil }: Omit<PackedEntry, 'body'>) {
    this.#bytes = packed
    this.length = length
    this.gzip = gzip
    this.etag = etag
    this.storedAt = storedAt
    this.freshUntil = freshUntil
    this.keepUntil = keepUntil
  }

  get body(): Buffer {
    if (this.#isPacked) {
      this.#bytes = unpack(this.#bytes, this.length)
      this.#isPacked = false
    }
    return this.#bytes
  }
}

/** Throws where that many bytes do not come of it. */
function unpack(packed: Buffer, length: number): Buffer {
  // In one piece: by default it comes in pieces of 16 KiB, which takes several times as long.
  const body = zstdDecompressSync(packed, { chunkSize: Math.max(64, length + 1), maxOutputLength: Math.max(1, length) })
  if (body.length !== length) throw new Error(`an entry of ${length} bytes unpacks to ${body.length}`)
  return body
}
