import { LRUCache } from 'lru-cache'

/** What a client makes of gzip: `preferred` over plain bytes, `required` because it refuses those, or `refused`. */
export type GzipWish = 'preferred' | 'required' | 'refused'

/** What was read; nearly all clients say one of a few things. */
const known = new LRUCache<string, GzipWish>({ max: 100 })

/** Reads Accept-Encoding (RFC 9110 §12.5.3); undefined is a client that said nothing. What cannot be read is passed over. */
export function gzipWish(header: string | undefined): GzipWish {
  if (header === undefined) return 'refused'
  const wish = known.get(header) ?? readWish(header)
  known.set(header, wish)
  return wish
}

function readWish(header: string): GzipWish {
  const weights = new Map<string, number>()
  for (const item of header.toLowerCase().split(',')) {
    const [coding = '', ...parameters] = item.split(';').map((part) => part.trim())
    if (coding !== '') weights.set(coding === 'x-gzip' ? 'gzip' : coding, weightOf(parameters))
  }
  const others = weights.get('*')
  const gzip = weights.get('gzip') ?? others ?? 0
  const identity = weights.get('identity')
  if (gzip === 0) return 'refused'
  if (identity === 0 || (identity === undefined && others === 0)) return 'required'
  return gzip >= (identity ?? 0) ? 'preferred' : 'refused'
}

function weightOf(parameters: string[]): number {
  const weight = parameters.find((parameter) => parameter.startsWith('q='))
  if (weight === undefined) return 1
  const value = Number(weight.slice(2))
  return value >= 0 && value <= 1 ? value : 0
}
