import type { LocalTime } from '@fanfare/kit'

/** Milliseconds since the epoch as RFC 3339 in UTC, to the second. */
export function instant(epochMs: number): string {
  return `${new Date(epochMs).toISOString().slice(0, 19)}Z`
}

/** A moment at an airport, RFC 9557. */
export function zonedMoment({ local, offset, zone }: LocalTime): string {
  return `${local}${offset}[${zone}]`
}
