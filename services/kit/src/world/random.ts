/**
 * A number in [0, 1) that follows from the text alone: the same seed and words give the same world on every machine.
 * Two 32-bit multiply-xorshift lanes, mixed at the end; 53 bits are kept.
 */
export function draw(text: string): number {
  let high = 0x9e3779b9
  let low = 0x85ebca6b
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    high = Math.imul(high ^ unit, 0x01000193)
    low = Math.imul(low ^ unit, 0x5bd1e995)
    low ^= low >>> 15
  }
  high = mix(high ^ (low >>> 16))
  low = mix(low ^ high)
  return ((high >>> 0) * 0x200000 + (low >>> 11)) / 0x20000000000000
}

/** Eight characters that only someone who knows the seed in the text can reckon; guards offer keys against slips and forgery. */
export function check(text: string): string {
  return Math.floor(draw(text) * 36 ** 8)
    .toString(36)
    .padStart(8, '0')
}

/** An integer in [from, to], both ends included. */
export function drawInteger(text: string, from: number, to: number): number {
  return from + Math.floor(draw(text) * (to - from + 1))
}

function mix(value: number): number {
  let h = value
  h = Math.imul(h ^ (h >>> 16), 0x7feb352d)
  h = Math.imul(h ^ (h >>> 15), 0x846ca68b)
  return h ^ (h >>> 16)
}
