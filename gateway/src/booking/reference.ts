import { randomBytes } from 'node:crypto'

/** Letters and digits that are not taken for one another when read out: no 0, O, 1 or I. 32 of them, so five bits each. */
const alphabet = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ'

/** A new booking reference: eight letters and digits that nobody can guess. */
export function newReference(): string {
  return Array.from(randomBytes(8), (byte) => alphabet.charAt(byte % alphabet.length)).join('')
}

/** What an airline knows the booking's nth order by; unique among all orders ever. */
export function clientReference(reference: string, number: number): string {
  return `${reference}-${number}`
}
