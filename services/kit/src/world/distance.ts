import geographiclib from 'geographiclib-geodesic'
import { airport } from './airports.ts'

const { WGS84 } = geographiclib.Geodesic
const known = new Map<string, number>()

/** Geodesic distance between two airports on the WGS 84 ellipsoid, whole kilometres. */
export function distanceKm(origin: string, destination: string): number {
  const key = origin < destination ? origin + destination : destination + origin
  let km = known.get(key)
  if (km === undefined) {
    const from = airport(origin)
    const to = airport(destination)
    km = Math.round((WGS84.Inverse(from.latitude, from.longitude, to.latitude, to.longitude).s12 ?? 0) / 1000)
    known.set(key, km)
  }
  return km
}

/**
 * Block time in minutes, a multiple of 5: 35 minutes for taxi, climb and approach, then cruise at 500 km/h for a turboprop or
 * 830 km/h for a jet, a little more westward against the prevailing wind.
 */
export function blockMinutes(origin: string, destination: string, isTurboprop: boolean): number {
  const km = distanceKm(origin, destination)
  const eastward = Math.sign(airport(destination).longitude - airport(origin).longitude)
  const wind = km > 1000 && !isTurboprop ? 1 - 0.03 * eastward : 1
  return Math.ceil((35 + (km / (isTurboprop ? 500 : 830)) * 60 * wind) / 5) * 5
}
