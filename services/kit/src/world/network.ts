import { seatPlan } from './aircraft.ts'
import { airport, isDomestic } from './airports.ts'
import { blockMinutes, distanceKm } from './distance.ts'
import { draw, drawInteger } from './random.ts'
import type { Carrier } from './types.ts'

/** One departure of the weekly timetable, before it has a date. */
export interface Departure {
  /** Without designator. */
  number: string
  origin: string
  destination: string
  /** Local minutes after midnight at the origin, a multiple of 5. */
  minutesOfDay: number
  /** By ISO weekday less one: Monday first. */
  weekdays: boolean[]
  /** Block time. */
  minutes: number
  distanceKm: number
  aircraft: string
  layout: Carrier['fleet'][number]['layout']
  /** Whether a codeshare partner sells it too: every other domestic departure. */
  shareable: boolean
}

/** A carrier's timetable by route: departures in the order of the day. Key: origin + destination. */
export type Network = ReadonlyMap<string, Departure[]>

/** Builds a carrier's weekly timetable: every hub with every airport it serves, both ways, and its point-to-point pairs. */
export function buildNetwork(carrier: Carrier, seed: string): Network {
  const network = new Map<string, Departure[]>()
  let number = carrier.firstFlightNumber
  for (const [one, other] of pairs(carrier)) {
    for (const [origin, destination] of [
      [one, other],
      [other, one],
    ] as const) {
      const departures = buildDepartures(carrier, seed, origin, destination, number)
      network.set(origin + destination, departures)
      number += departures.length
    }
  }
  return network
}

function pairs(carrier: Carrier): [string, string][] {
  const found = new Map<string, [string, string]>()
  const add = (one: string, other: string) => {
    const key = [one, other].sort().join('')
    if (one !== other && !found.has(key)) found.set(key, [one, other])
  }
  for (const hub of carrier.hubs) for (const code of carrier.airports) add(hub, code)
  for (const [one, other] of carrier.pointToPoint) add(one, other)
  return [...found.values()]
}

function buildDepartures(
  carrier: Carrier,
  seed: string,
  origin: string,
  destination: string,
  firstNumber: number,
): Departure[] {
  const km = distanceKm(origin, destination)
  const { layout } = carrier.fleet.find(({ maxKm }) => km <= maxKm) ?? lastOf(carrier)
  const { aircraft } = seatPlan(layout)
  const minutes = blockMinutes(origin, destination, aircraft === 'AT7')
  const key = `${seed}/${carrier.name}/${origin}${destination}`
  const count = dailyDepartures(origin, destination)
  return departureTimes(key, origin, destination, count).map((minutesOfDay, index) => ({
    number: String(firstNumber + index),
    origin,
    destination,
    minutesOfDay,
    // The first of the day flies daily, so that every route is served and every connection exists on every day.
    weekdays: Array.from({ length: 7 }, (_, day) => index === 0 || draw(`${key}/${index}/day${day}`) < 0.85),
    minutes,
    distanceKm: km,
    aircraft,
    layout,
    shareable: index % 2 === 0 && isDomestic(origin, destination),
  }))
}

function lastOf(carrier: Carrier): Carrier['fleet'][number] {
  const last = carrier.fleet.at(-1)
  if (!last) throw new RangeError(`${carrier.name} has no aircraft`)
  return last
}

/** Trunk routes between large cities have many departures, thin and long ones a single one. */
function dailyDepartures(origin: string, destination: string): number {
  const weight = airport(origin).tier + airport(destination).tier
  if (isDomestic(origin, destination))
    return weight <= 2 ? 7 : weight === 3 ? 5 : weight === 4 ? 3 : weight === 5 ? 2 : 1
  if (distanceKm(origin, destination) < 4500) return weight <= 3 ? 3 : weight === 4 ? 2 : 1
  return weight <= 2 ? 2 : 1
}

/**
 * Domestic and regional departures spread from 05:30 to 22:30 in as many waves as there are flights; long ones leave late in the
 * evening or after midnight, the usual wave out of India, and around noon or in the evening on the way there.
 */
function departureTimes(key: string, origin: string, destination: string, count: number): number[] {
  const long = !isDomestic(origin, destination) && distanceKm(origin, destination) >= 4500
  const [from, to] = !long ? [330, 1350] : airport(origin).country === 'IN' ? [1260, 1630] : [600, 1320]
  const width = (to - from) / count
  return Array.from({ length: count }, (_, index) => {
    const at = from + width * index + draw(`${key}/${index}/wave`) * width * 0.8
    return (Math.round(at / 5) * 5) % 1440
  })
    .map((at, index) => (at + 5 * drawInteger(`${key}/${index}/shift`, 0, 1)) % 1440)
    .sort((a, b) => a - b)
}
