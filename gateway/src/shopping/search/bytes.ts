/** Puts bytes together from text and from pieces of other bytes. */
export interface Bytes {
  /** How many there are so far. */
  size(): number
  text(text: string): void
  /** The bytes of `from` from `start` to before `end`. */
  piece(from: Buffer, start: number, end: number): void
  /** All of them, as bytes of their own. */
  take(): Buffer
}

/** What everything is written into first: nobody waits between `openBytes` and `take`. It grows as it must. */
let page = Buffer.allocUnsafeSlow(256 * 1024)

/** A page that grew further than this for a large answer is given back. */
const largestKept = 4 * 1024 * 1024

/** Begins to put bytes together; one at a time. */
export function openBytes(): Bytes {
  let at = 0

  function makeRoom(bytes: number) {
    if (at + bytes <= page.length) return
    const larger = Buffer.allocUnsafeSlow(Math.max(page.length * 2, at + bytes))
    page.copy(larger, 0, 0, at)
    page = larger
  }

  return {
    size: () => at,
    text(text) {
      // A UTF-16 unit takes three bytes at most.
      makeRoom(text.length * 3)
      at += page.write(text, at)
    },
    piece(from, start, end) {
      makeRoom(end - start)
      at += from.copy(page, at, start, end)
    },
    take() {
      const bytes = Buffer.from(page.subarray(0, at))
      at = 0
      if (page.length > largestKept) page = Buffer.allocUnsafeSlow(largestKept)
      return bytes
    },
  }
}
