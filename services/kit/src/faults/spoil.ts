import { draw } from '../world/random.ts'

/** What stands where something else is wanted. Nothing that a reader takes for an amount, a list or a name of its own. */
const wrongObject = { unexpected: true }
const wrongText = 'unexpected'

/**
 * A body with something wrong about it: one of `essentials` that occur in it, drawn from the words, is missing wherever it stood
 * or is of another type. `essentials` are keys (of XML: elements) that no reader of the dialect can do without where they
 * occur. Where none occurs, as in an error, what stands first in the body is spoiled. A body that is neither JSON nor XML is cut short.
 */
export function spoil(
  body: string,
  kind: 'missing_key' | 'wrong_type',
  essentials: readonly string[],
  words: string,
): string {
  return body.trimStart().startsWith('<')
    ? spoilXml(body, kind, essentials, words)
    : spoilJson(body, kind, essentials, words)
}

/** One of those that occur, drawn; undefined: none does. */
function pick(names: readonly string[], occurs: (name: string) => boolean, words: string): string | undefined {
  const there = names.filter(occurs)
  return there[Math.floor(draw(`${words}/spoilt`) * there.length)]
}

function spoilJson(body: string, kind: 'missing_key' | 'wrong_type', essentials: readonly string[], words: string) {
  const value = parse(body)
  if (typeof value !== 'object' || value === null) return body.slice(0, -1)
  const keys = new Set<string>()
  collectKeys(value, keys)
  const key = pick(essentials, (name) => keys.has(name), words) ?? [...keys][0]
  if (key === undefined) return body.slice(0, -1)
  return JSON.stringify(value, (name, inner: unknown) => {
    if (name !== key) return inner
    if (kind === 'missing_key') return undefined
    return typeof inner === 'object' && inner !== null && !Array.isArray(inner) ? wrongText : wrongObject
  })
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return null
  }
}

function collectKeys(value: unknown, keys: Set<string>): void {
  if (typeof value !== 'object' || value === null) return
  for (const [key, inner] of Object.entries(value)) {
    if (!Array.isArray(value)) keys.add(key)
    collectKeys(inner, keys)
  }
}

function spoilXml(body: string, kind: 'missing_key' | 'wrong_type', essentials: readonly string[], words: string) {
  const first = [...body.matchAll(/<(?:\w+:)?(\w+)[ >]/g)][1]?.[1]
  const name = pick(essentials, (one) => elements(one).test(body), words) ?? first
  if (name === undefined) return body.slice(0, -1)
  return body.replace(elements(name), (_whole, open: string, close: string) =>
    kind === 'missing_key' ? '' : `${open}${wrongText}${close}`,
  )
}

/** Elements of that name with all that is in them; none of those that messages have contains one of its own name. */
function elements(name: string): RegExp {
  return new RegExp(`(<(?:\\w+:)?${name}(?: [^>]*)?>)[\\s\\S]*?(</(?:\\w+:)?${name}>)`, 'g')
}
