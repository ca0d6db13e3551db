import type { LocalTime } from './types.ts'

const hour = 3_600_000
const offsets = new Map<string, number>()

/** Offset of a zone at an instant, in minutes. Kept per zone and hour, since zones change on the hour at most. */
function offsetMinutes(zone: string, epochMs: number): number {
  const key = `${zone}${Math.floor(epochMs / (hour / 4))}`
  let minutes = offsets.get(key)
  if (minutes === undefined) {
    minutes = Temporal.Instant.fromEpochMilliseconds(epochMs).toZonedDateTimeISO(zone).offsetNanoseconds / 60e9
    if (offsets.size > 50_000) offsets.clear()
    offsets.set(key, minutes)
  }
  return minutes
}

function formatOffset(minutes: number): string {
  const size = Math.abs(minutes)
  const pad = (n: number) => String(n).padStart(2, '0')
  return `${minutes < 0 ? '-' : '+'}${pad(Math.floor(size / 60))}:${pad(size % 60)}`
}

/** The local time in a zone at an instant. */
export function localTimeAt(epochMs: number, zone: string): LocalTime {
  const minutes = offsetMinutes(zone, epochMs)
  return {
    local: new Date(epochMs + minutes * 60_000).toISOString().slice(0, 19),
    offset: formatOffset(minutes),
    zone,
    epochMs,
  }
}

/** The instant of a wall time given as a date and minutes after midnight; a time that daylight saving skips moves on by an hour. */
export function localTimeOf(date: string, minutesOfDay: number, zone: string): LocalTime {
  const wall = Date.parse(`${date}T00:00:00Z`) + minutesOfDay * 60_000
  const guess = wall - offsetMinutes(zone, wall) * 60_000
  return localTimeAt(wall - offsetMinutes(zone, guess) * 60_000, zone)
}

/** Whole days since 1970-01-01 of a calendar date; NaN when there is no such date. */
export function dayNumber(date: string): number {
  const ms = Date.parse(`${date}T00:00:00Z`)
  return new Date(ms || 0).toISOString().slice(0, 10) === date ? ms / 86_400_000 : Number.NaN
}

/** The calendar date so many days after 1970-01-01. */
export function dateOfDay(day: number): string {
  return new Date(day * 86_400_000).toISOString().slice(0, 10)
}
