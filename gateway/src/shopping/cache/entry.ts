import { constants, crc32, gunzipSync, zstdCompressSync, zstdDecompressSync } from 'node:zlib'

/** What both tiers keep: bytes, and since when and for how long they are good. Times are milliseconds since the epoch. */
export interface Entry {
  /** One from Redis is unpacked when it is first read; throws where that cannot be done, which none that we wrote does. */
  readonly body: Buffer
  /** Bytes of `body` where it came packed, known without unpacking it. */
  readonly length?: number
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

const version = 3
const headerBytes = 35
/** Where the part begins that the checksum covers. */
const checkedFrom = 5

/** How a body is packed: where there is a gzip, that is the body too. */
const packings = { zstd: 0, gzip: 1 }

/** The fastest level: an answer takes a tenth of its bytes, which costs less than to send them all. */
const level = { [constants.ZSTD_c_compressionLevel]: 1 }

/** An entry as Redis keeps it: version, checksum, length of the tag, packing, three times, length of the body; tag, packed body. */
export function encodeEntry({ body, gzip, etag: tag, storedAt, freshUntil, keepUntil }: Entry): Buffer {
  const etag = Buffer.from(tag, 'latin1')
  const header = Buffer.alloc(headerBytes)
  header.writeUInt8(version, 0)
  header.writeUInt8(etag.length, 5)
  header.writeUInt8(gzip ? packings.gzip : packings.zstd, 6)
  header.writeDoubleBE(storedAt, 7)
  header.writeDoubleBE(freshUntil, 15)
  header.writeDoubleBE(keepUntil, 23)
  header.writeUInt32BE(body.length, 31)
  const bytes = Buffer.concat([header, etag, gzip ?? zstdCompressSync(body, { params: level })])
  bytes.writeUInt32BE(crc32(bytes.subarray(checkedFrom)), 1)
  return bytes
}

/** Reads an entry; null for anything that `encodeEntry` of this version did not write. Nothing of `bytes` is kept. */
export function decodeEntry(bytes: Buffer): Entry | null {
  if (bytes.length < headerBytes || bytes[0] !== version) return null
  if (crc32(bytes.subarray(checkedFrom)) !== bytes.readUInt32BE(1)) return null
  const packedFrom = headerBytes + bytes.readUInt8(5)
  let body: Buffer = Buffer.from(bytes.subarray(packedFrom))
  let isPacked = true
  const length = bytes.readUInt32BE(31)
  const gzip = bytes[6] === packings.gzip ? body : null
  return {
    get body() {
      if (isPacked) body = unpack(body, gzip ? gunzipSync : zstdDecompressSync, length)
      isPacked = false
      return body
    },
    length,
    gzip,
    etag: bytes.toString('latin1', headerBytes, packedFrom),
    storedAt: bytes.readDoubleBE(7),
    freshUntil: bytes.readDoubleBE(15),
    keepUntil: bytes.readDoubleBE(23),
  }
}

/** Bytes of the body; to know them nothing is unpacked. */
export function bodyLength(entry: Entry): number {
  return entry.length ?? entry.body.length
}

/** Throws where that many bytes do not come of it. */
function unpack(packed: Buffer, by: typeof gunzipSync | typeof zstdDecompressSync, length: number): Buffer {
  // In one piece: by default it comes in pieces of 16 KiB, which takes several times as long.
  const body = by(packed, { chunkSize: Math.max(64, length + 1), maxOutputLength: Math.max(1, length) })
  if (body.length !== length) throw new Error(`an entry of ${length} bytes unpacks to ${body.length}`)
  return body
}
