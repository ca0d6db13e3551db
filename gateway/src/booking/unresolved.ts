import type { HistoryRecord } from './store/store.ts'

/** What begins something that has to come to an end. */
const beginnings = new Set(['booking_created', 'payment_requested', 'cancellation_requested', 'hold_lapsed'])

/** Written once into the history of a booking that takes long, whoever works on it. */
export const unresolvedEvent: Omit<HistoryRecord, 'at'> = {
  airline: null,
  event: 'unresolved',
  detail: 'Not settled yet; it is worked on until it is',
}

/** When that began which is to be settled, milliseconds since the epoch. */
export function unresolvedSince(history: readonly HistoryRecord[]): number {
  return history.findLast(({ event }) => beginnings.has(event))?.at ?? 0
}

/** Whether the log has said that this takes long. */
export function isToldUnresolved(history: readonly HistoryRecord[]): boolean {
  const last = history.findLast(({ event }) => beginnings.has(event) || event === unresolvedEvent.event)
  return last?.event === unresolvedEvent.event
}
