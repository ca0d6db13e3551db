import { crc32 } from 'node:zlib'

/** What both tiers keep: bytes, and since when and for how long they are good. Times are milliseconds since the epoch. */
export interface Entry {
  body: Buffer
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

const version = 1
const headerBytes = 34
/** Where the part begins that the checksum covers. */
const checkedFrom = 5

/** An entry as Redis keeps it: version, checksum, length of the tag, three times, length of the body; tag, body, gzip. */
export function encodeEntry(entry: Entry): Buffer {
  const etag = Buffer.from(entry.etag, 'latin1')
  const header = Buffer.alloc(headerBytes)
  header.writeUInt8(version, 0)
  header.writeUInt8(etag.length, 5)
  header.writeDoubleBE(entry.storedAt, 6)
  header.writeDoubleBE(entry.freshUntil, 14)
  header.writeDoubleBE(entry.keepUntil, 22)
  header.writeUInt32BE(entry.body.length, 30)
  const bytes = Buffer.concat([header, etag, entry.body, ...(entry.gzip ? [entry.gzip] : [])])
  bytes.writeUInt32BE(crc32(bytes.subarray(checkedFrom)), 1)
  return bytes
}

/** Reads an entry; null for anything that `encodeEntry` of this version did not write. */
export function decodeEntry(bytes: Buffer): Entry | null {
  if (bytes.length < headerBytes || bytes[0] !== version) return null
  if (crc32(bytes.subarray(checkedFrom)) !== bytes.readUInt32BE(1)) return null
  const bodyFrom = headerBytes + bytes.readUInt8(5)
  const gzipFrom = bodyFrom + bytes.readUInt32BE(30)
  if (gzipFrom > bytes.length) return null
  return {
    etag: bytes.toString('latin1', headerBytes, bodyFrom),
    body: bytes.subarray(bodyFrom, gzipFrom),
    gzip: gzipFrom === bytes.length ? null : bytes.subarray(gzipFrom),
    storedAt: bytes.readDoubleBE(6),
    freshUntil: bytes.readDoubleBE(14),
    keepUntil: bytes.readDoubleBE(22),
  }
}
