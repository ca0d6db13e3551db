import { hash } from 'node:crypto'

/** No vowels (no words come out), and no digit that looks like a letter. */
const alphabet = 'BCDFGHJKLMNPQRSTVWXYZ2345679'

/** Characters of a record locator. */
const length = 6

/**
 * The record locator of the order with this number in this world: the same in every run of the same seed, without a
 * visible sequence. Two numbers may share one; a higher `attempt` gives the next candidate.
 */
export function locatorCandidate(seed: string, carrier: string, number: number, attempt: number): string {
  const digest = hash('sha256', `${seed}/${carrier}/locator/${number}/${attempt}`, 'buffer')
  return Array.from(digest.subarray(0, length), (byte) => alphabet[byte % alphabet.length]).join('')
}
