import { draw } from '../../services/kit/src/world/random.ts'

/** Choices that follow from a seed: the same questions in the same order get the same answers. */
export interface Chance {
  /** A number in [0, 1). */
  share(): number
  /** A whole number, both ends included. */
  integer(from: number, to: number): number
  /** true in so many of all cases, 0 to 1. */
  happens(share: number): boolean
  /** One of these. Throws RangeError when there is none. */
  pick<T>(these: readonly T[]): T
  /** Other choices, whose answers depend on this name and the seed alone. */
  of(name: string): Chance
}

/** Choices from a seed. */
export function createChance(seed: string): Chance {
  let asked = 0
  const share = () => draw(`${seed}#${asked++}`)
  const integer = (from: number, to: number) => from + Math.floor(share() * (to - from + 1))
  return {
    share,
    integer,
    happens: (wanted) => share() < wanted,
    pick(these) {
      const one = these[integer(0, these.length - 1)]
      if (one === undefined) throw new RangeError('there is nothing to choose from')
      return one
    },
    of: (name) => createChance(`${seed}/${name}`),
  }
}
