import { LRUCache } from 'lru-cache'

/** Dates and times as Nilgiri's host writes them. Every reader throws RangeError for what no calendar has. */

const months = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC']

/** `2030-01-15` → `15JAN30` */
export function hostDate(iso: string): string {
  return `${iso.slice(8, 10)}${months[Number(iso.slice(5, 7)) - 1]}${iso.slice(2, 4)}`
}

/** `1990-04-12` → `12APR1990` */
export function hostBirthDate(iso: string): string {
  return hostDate(iso).slice(0, 5) + iso.slice(0, 4)
}

/** Few days are ever written: airlines sell a year ahead. */
const days = new LRUCache<string, string>({ max: 2_000 })

/** `15JAN30`, of this century → `2030-01-15` */
export function isoDate(text: string): string {
  const known = days.get(text) ?? readDate(text)
  days.set(text, known)
  return known
}

function readDate(text: string): string {
  const [, day = '', month = '', year = ''] = /^(\d{2})([A-Z]{3})(\d{2})$/.exec(text) ?? []
  const date = { year: 2000 + Number(year), month: months.indexOf(month) + 1, day: Number(day) }
  return Temporal.PlainDate.from(date, { overflow: 'reject' }).toString()
}

const timeOfDay = /^([01]\d|2[0-3])[0-5]\d$/

/** `15JAN30` and `0610`, so many days later → `2030-01-15T06:10:00` */
export function isoLocal(date: string, time: string, daysLater = 0): string {
  if (!timeOfDay.test(time)) throw new RangeError(`${time} is no time of day`)
  const day = isoDate(date)
  const local = daysLater === 0 ? day : Temporal.PlainDate.from(day).add({ days: daysLater }).toString()
  return `${local}T${time.slice(0, 2)}:${time.slice(2)}:00`
}

/** `15JAN30 0640Z` → `2030-01-15T06:40:00Z` */
export function isoInstant(text: string): string {
  const [date = '', time = ''] = text.split(' ')
  return `${isoLocal(date, time.slice(0, 4))}Z`
}

/** Whole minutes from one RFC 3339 moment to a later one. Throws RangeError where it is not later. */
export function minutesBetween(from: string, to: string): number {
  const minutes = (Date.parse(to) - Date.parse(from)) / 60_000
  if (!(minutes > 0)) throw new RangeError(`${to} is not after ${from}`)
  return minutes
}

/** ISO 8601: 130 → PT2H10M, 1500 → P1DT1H. */
export function duration(minutes: number): string {
  const days = Math.floor(minutes / 1440)
  const hours = Math.floor((minutes % 1440) / 60)
  const rest = minutes % 60
  const time = `${hours > 0 ? `${hours}H` : ''}${rest > 0 ? `${rest}M` : ''}`
  return `P${days > 0 ? `${days}D` : ''}${time === '' ? '' : `T${time}`}`
}

const letters: Record<string, string> = {
  ß: 'SS',
  ø: 'OE',
  ł: 'L',
  đ: 'D',
  ð: 'D',
  þ: 'TH',
  æ: 'AE',
  œ: 'OE',
  ı: 'I',
  ŋ: 'N',
  ħ: 'H',
}

/** A name in the host's capitals A to Z, spaces for whatever parts it; null where letters have no such form, as of another script. */
export function hostName(name: string): string | null {
  const latin = name
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[\p{M}'’.]/gu, '')
    .replace(/[ßøłđðþæœıŋħ]/g, (letter) => letters[letter] ?? letter)
    .replace(/[\s-]+/g, ' ')
    .trim()
    .toUpperCase()
  return /^[A-Z]+( [A-Z]+)*$/.test(latin) ? latin : null
}
