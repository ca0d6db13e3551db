/** Dates and times as the host writes them: no hyphens, no colons, months by name. */

const months = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC']

/** `2030-01-15` → `15JAN30` */
export function hostDate(iso: string): string {
  return `${hostDay(iso)}${iso.slice(2, 4)}`
}

/** `2030-01-15` → `15JAN` */
export function hostDay(iso: string): string {
  return `${iso.slice(8, 10)}${months[Number(iso.slice(5, 7)) - 1]}`
}

/** `2030-01-15T06:10:00` → `0610` */
export function hostTime(local: string): string {
  return local.slice(11, 13) + local.slice(14, 16)
}

/** Milliseconds since the epoch → `15JAN30 0610Z`; seconds are dropped, so a limit is never told too late. */
export function hostInstant(epochMs: number): string {
  const iso = new Date(epochMs).toISOString()
  return `${hostDate(iso)} ${hostTime(iso)}Z`
}

/** `15JAN30` (of this century) or `12APR1990` → `2030-01-15`, `1990-04-12`; null for what no calendar has. */
export function isoDate(text: string): string | null {
  const [, day = '', name = '', year = ''] = /^(\d{2})([A-Z]{3})(\d{2}|\d{4})$/.exec(text) ?? []
  const month = String(months.indexOf(name) + 1).padStart(2, '0')
  const iso = `${year.length === 2 ? `20${year}` : year}-${month}-${day}`
  const epochMs = Date.parse(`${iso}T00:00:00Z`)
  return !Number.isNaN(epochMs) && new Date(epochMs).toISOString().startsWith(iso) ? iso : null
}

/** Whole days from one local date to a later one. */
export function daysBetween(from: string, to: string): number {
  return (Date.parse(to.slice(0, 10)) - Date.parse(from.slice(0, 10))) / 86_400_000
}
