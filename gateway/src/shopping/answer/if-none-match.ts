const tag = /(?:W\/)?("[\x21\x23-\x7e\x80-\uffff]*")/g

/**
 * Whether If-None-Match names the tag, so that 304 will do: by weak comparison, as RFC 9110 §13.1.2 has it. `etag` is
 * strong and in its quotes. A header that cannot be read matches nothing.
 */
export function matchesTag(header: string, etag: string): boolean {
  if (header === etag) return true
  if (header.trim() === '*') return true
  for (const [, opaque] of header.matchAll(tag)) {
    if (opaque === etag) return true
  }
  return false
}
