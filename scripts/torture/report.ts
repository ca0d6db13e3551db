import type { Booking } from '../../gateway/src/schemas/booking.ts'
import type { Calls } from './calls.ts'
import { countStatuses, type Ledger } from './ledger.ts'
import type { RoundReport } from './round.ts'
import { add, type Stage } from './stage.ts'

/** A line on one round. */
export function roundLine(
  round: number,
  rounds: number,
  report: RoundReport,
  killed: number,
  violations: number,
): string {
  const { title, entries, recoveryMs, lapsed } = report
  const held = lapsed > 0 ? `, holds left to lapse: ${lapsed}` : ''
  const verdict = violations === 0 ? 'all holds' : `${violations} VIOLATIONS`
  return `${`${round}`.padStart(`${rounds}`.length)}/${rounds}  ${title}: ${entries.length} bookings (${listed(
    countStatuses(entries),
  )}), ${killed} killed, well after ${(recoveryMs / 1000).toFixed(1)} s${held}: ${verdict}`
}

/** Everything that was counted, as a table. */
export function summary(facts: {
  ledger: Ledger
  stage: Stage
  calls: Calls
  bookings: readonly Booking[]
  checks: number
  lapsed: number
}): string {
  const { ledger, stage, calls, bookings, checks, lapsed } = facts
  const statuses = new Map<string, number>()
  const events = new Map<string, number>()
  for (const { status, history } of bookings) {
    add(statuses, status, 1)
    for (const { event } of history) add(events, event, 1)
  }
  const kinds = new Map<string, number>()
  for (const [name, times] of stage.counts.struck) add(kinds, name.split(' ')[1] ?? name, times)
  const acrossAirlines = bookings.filter(({ orders }) => orders.length > 1).length
  const rows: [string, string][] = [
    ['bookings', `${bookings.length}: ${listed(statuses)}`],
    ['of several orders', `${acrossAirlines}`],
    [
      'acknowledged',
      `${ledger.entries.filter(({ acknowledged }) => acknowledged !== null).length} as held or confirmed`,
    ],
    ['holds left to lapse', `${lapsed}`],
    ['answers', lines(ledger.answers)],
    ['no answer', `${calls.counts.unanswered}, asked again ${calls.counts.retries} times`],
    ['kills', listed(stage.counts.kills)],
    ['faults struck', lines(kinds)],
    ['in the histories', lines(events)],
    ['checks', `${checks} of airlines and bookings`],
    ['violations', `${ledger.violations.size}`],
  ]
  const width = Math.max(...rows.map(([name]) => name.length))
  return rows
    .map(([name, value]) => `${name.padEnd(width)}  ${value.replaceAll('\n', `\n${' '.repeat(width + 2)}`)}`)
    .join('\n')
}

function listed(counts: ReadonlyMap<string, number>): string {
  const parts = [...counts].sort(([a], [b]) => a.localeCompare(b)).map(([name, count]) => `${count} ${name}`)
  return parts.length === 0 ? 'none' : parts.join(', ')
}

function lines(counts: ReadonlyMap<string, number>): string {
  const sorted = [...counts].sort(([a], [b]) => a.localeCompare(b))
  const width = Math.max(0, ...sorted.map(([, count]) => `${count}`.length))
  return sorted.length === 0
    ? 'none'
    : sorted.map(([name, count]) => `${`${count}`.padStart(width)} ${name}`).join('\n')
}
