import type { Flight } from '@fanfare/kit'
import { daysBetween, hostDay, hostTime } from '../formats.ts'

/** Lines as terminals show them. */

/** ` 1  0N 761  C9 D9 Y9 M4 K0  DEL BOM  0610 0820+1  333`; days are counted from `day`; a connection's second line has no number. */
export function flightLine(line: number | null, flight: Flight, status: string, day: string): string {
  const number = line === null ? '  ' : String(line).padStart(2)
  const departs = hostTime(flight.departure.local) + dayMark(day, flight.departure.local)
  const arrives = hostTime(flight.arrival.local) + dayMark(day, flight.arrival.local)
  const times = `${departs.padEnd(6)} ${arrives.padEnd(6)}`
  return `${number}  ${flightNumber(flight)}  ${status}  ${flight.origin} ${flight.destination}  ${times}  ${flight.aircraft}`
}

/** ` 1 0N 761 K 15JAN DELBOM SS2  0610 0820` */
export function soldLine(line: number, flight: Flight, rbd: string, status: string, seats: number): string {
  const arrives = hostTime(flight.arrival.local) + dayMark(flight.date, flight.arrival.local)
  const route = `${hostDay(flight.date)} ${flight.origin}${flight.destination}`
  const times = `${hostTime(flight.departure.local)} ${arrives}`
  return `${String(line).padStart(2)} ${flightNumber(flight)} ${rbd} ${route} ${status}${seats}  ${times}`
}

/** `0N 761`, as wide as four digits. */
function flightNumber({ marketing, number }: Flight): string {
  return `${marketing}${number.padStart(4)}`
}

function dayMark(from: string, to: string): string {
  const days = daysBetween(from, to)
  return days === 0 ? '' : `+${days}`
}

/** An amount at the right of its column. */
export function column(amount: string, width = 10): string {
  return amount.padStart(width)
}
