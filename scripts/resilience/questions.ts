import { daysAhead } from '../../tests/support/trip.ts'

/** Routes that several airlines sell. */
const routes = [
  ['DEL', 'BOM'],
  ['BOM', 'DEL'],
  ['DEL', 'BLR'],
  ['BLR', 'DEL'],
  ['BOM', 'BLR'],
  ['BLR', 'BOM'],
  ['DEL', 'MAA'],
  ['MAA', 'DEL'],
  ['DEL', 'HYD'],
  ['HYD', 'DEL'],
] as const

/** The first day that is asked for; later than what a day's change of the date could make the past. */
const firstDay = 20

/** So many search queries, no two alike, so that no answer can come from a cache. */
export function questions(count: number): string[] {
  return Array.from({ length: count }, (_, index) => {
    const [origin = 'DEL', destination = 'BOM'] = routes[index % routes.length] ?? []
    const step = Math.floor(index / routes.length)
    const query = {
      origin,
      destination,
      departureDate: daysAhead(firstDay + (step % 200)),
      adults: `${1 + Math.floor(step / 200)}`,
      limit: '200',
    }
    return new URLSearchParams(query).toString()
  })
}
