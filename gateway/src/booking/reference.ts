import { hash } from 'node:crypto'

/** Letters and digits that are not taken for one another when read out: no 0, O, 1 or I. 32 of them, so five bits each. */
const alphabet = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ'

const length = 8

/**
 * A booking's reference: eight letters and digits. It follows from what the booking is made by, its idempotency key and its
 * payload, so that the same requests to the same world give the same references; `candidate` counts from 0 past those that
 * other bookings have.
 */
export function referenceFor(key: string, payloadHash: string, candidate: number): string {
  const digest = hash('sha256', `${key} ${payloadHash} ${candidate}`, 'buffer')
  return Array.from(digest.subarray(0, length), (byte) => alphabet.charAt(byte % alphabet.length)).join('')
}

/** What an airline knows the booking's nth order by; unique among all orders ever. */
export function clientReference(reference: string, number: number): string {
  return `${reference}-${number}`
}
