import { Readable } from 'node:stream'

/** What a proxy in front of an airline says when it has lost its way. */
export const htmlPage = `<!DOCTYPE html>
<html lang="en">
<head><title>Something went wrong</title></head>
<body><h1>Something went wrong</h1><p>Please try again in a few minutes.</p></body>
</html>
`

/** Between two pieces of a slow answer, in milliseconds; a timer for each byte of a long one would be too many. */
const dripEveryMs = 20

/** The bytes one after the other over so many milliseconds, in pieces of one byte where there are few. `pause` waits for so many milliseconds. */
export function drip(bytes: Buffer, overMs: number, pause: (ms: number) => Promise<void>): Readable {
  const pieces = Math.max(1, Math.min(bytes.length, Math.floor(overMs / dripEveryMs)))
  const size = Math.ceil(bytes.length / pieces)
  async function* piecemeal() {
    for (let from = 0; from < bytes.length; from += size) {
      await pause((overMs * size) / bytes.length)
      yield bytes.subarray(from, from + size)
    }
  }
  return Readable.from(piecemeal())
}
