import { LRUCache } from 'lru-cache'

/** Few days are ever asked about: airlines sell a year ahead. */
const known = new LRUCache<string, boolean>({ max: 2_000 })

/** Whether the calendar has this day, YYYY-MM-DD. */
export function isDay(text: string): boolean {
  let is = known.get(text)
  if (is === undefined) {
    is = /^\d{4}-\d{2}-\d{2}$/.test(text) && new Date(`${text}T00:00:00Z`).toJSON()?.startsWith(text) === true
    known.set(text, is)
  }
  return is
}

const timeOfDay = /^([01]\d|2[0-3])(:[0-5]\d){2}$/

/** Whether the calendar has this moment, YYYY-MM-DDTHH:MM:SS. */
export function isMoment(text: string): boolean {
  return text[10] === 'T' && isDay(text.slice(0, 10)) && timeOfDay.test(text.slice(11))
}
