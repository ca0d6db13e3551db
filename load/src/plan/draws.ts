import type { Chance } from '../../../scripts/torture/chance.ts'

/** Draws by weight. Throws RangeError when there is nothing to draw from. */
export function weighted<T>(items: readonly T[], weights: readonly number[]): (chance: Chance) => T {
  let sum = 0
  const upTo = items.map((_, index) => {
    sum += weights[index] ?? 0
    return sum
  })
  return (chance) => {
    const wanted = chance.share() * sum
    let low = 0
    let high = items.length - 1
    while (low < high) {
      const middle = (low + high) >> 1
      if ((upTo[middle] ?? 0) > wanted) high = middle
      else low = middle + 1
    }
    const item = items[low]
    if (item === undefined) throw new RangeError('there is nothing to draw from')
    return item
  }
}

/** Weights of a Zipf distribution: the n-th is 1/n^exponent. */
export function zipfWeights(count: number, exponent: number): number[] {
  return Array.from({ length: count }, (_, index) => (index + 1) ** -exponent)
}

/** A number whose logarithm is normally distributed around that of the median. */
export function logNormal(chance: Chance, median: number, sigma: number): number {
  const radius = Math.sqrt(-2 * Math.log(1 - chance.share()))
  return median * Math.exp(sigma * radius * Math.cos(2 * Math.PI * chance.share()))
}

/** A think time in milliseconds: exponential around a mean in seconds, at most five times that. */
export function thinkMs(chance: Chance, meanSeconds: number): number {
  return Math.round(Math.min(5, -Math.log(1 - chance.share())) * meanSeconds * 1000)
}
