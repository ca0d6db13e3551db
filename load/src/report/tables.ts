import { type Content, el, type Markup } from './markup.ts'
import type { Results } from './results.ts'
import { milliseconds, percent, whole } from './words.ts'

/** The objectives and what came of them; null where none were stated. */
export function objectivesTable({ objectives }: Results): Markup | null {
  if (objectives.length === 0) return null
  const rows = objectives.map(({ text, got, unit, isMet }) => [
    text,
    got === null
      ? 'nothing measured'
      : unit === 'ms'
        ? milliseconds(got)
        : unit === '%'
          ? percent(got)
          : `${got.toFixed(1)}/s`,
    el('b', { class: isMet ? 'good' : 'bad' }, isMet ? 'met' : 'missed'),
  ])
  return card(table(['Objective', 'Measured', ''], rows))
}

/** Every kind of request: how many, what came of them, and how long they took. */
export function stepsTable({ steps, latency, totals, serviceTime }: Results): Markup {
  const marks = ['p50', 'p90', 'p99', 'p99.9', 'max'] as const
  const rows = steps
    .filter(({ due }) => due > 0)
    .map((one) => [
      one.step,
      whole(one.due),
      whole(one.right),
      whole(one.refused),
      count(one.failed),
      count(one.wrong),
      count(one.unanswered),
      count(one.notSent),
      ...marks.map((mark) => milliseconds(one.latency[mark])),
    ])
  const all = [
    el('b', {}, 'all'),
    whole(totals.requests + totals.unfinished),
    whole(totals.right),
    whole(totals.refused),
    count(totals.failed),
    count(totals.wrong),
    count(totals.unanswered),
    count(totals.notSent),
    ...marks.map((mark) => el('b', {}, milliseconds(latency[mark]))),
  ]
  const service = [
    'from when it was sent',
    '',
    '',
    '',
    '',
    '',
    '',
    '',
    ...marks.map((mark) => milliseconds(serviceTime[mark])),
  ]
  const head = ['', 'due', 'right', 'refused', 'errors', 'wrong', 'no answer', 'not sent', ...marks]
  return card(table(head, [...rows, all, service]))
}

/** Refusals and errors by their codes. */
export function codesTable({ codes }: Results): Markup {
  const rows = codes.slice(0, 30).map(({ what, count: times }) => [what, whole(times)])
  return el(
    'section',
    {},
    el('h2', {}, 'Refusals and errors'),
    card(rows.length === 0 ? el('p', {}, 'None.') : table(['Request and code', 'Times'], rows)),
  )
}

/** What the airlines and the bookings say at the end. */
export function auditTable({ audit, bookings }: Results): Markup {
  const rows = audit.airlines.map(({ name, invariants, violations }) => [
    name,
    `${invariants} invariants`,
    verdict(violations.length),
  ])
  const statuses = Object.entries(bookings).map(([status, times]) => `${times} ${status}`)
  const read = [
    'bookings read again',
    `${whole(audit.bookings.read)}${statuses.length > 0 ? ` (${statuses.join(', ')})` : ''}`,
    verdict(audit.bookings.violations.length),
  ]
  const missing =
    audit.missing === null ? null : el('p', { class: 'bad' }, `The airlines were not audited: ${audit.missing}`)
  const violations = [...audit.airlines.flatMap((one) => one.violations), ...audit.bookings.violations].slice(0, 30)
  return el(
    'section',
    {},
    el('h2', {}, 'Closing audit'),
    card(
      table([], [...rows, read]),
      missing,
      violations.map((what) => el('p', { class: 'bad' }, what)),
    ),
  )
}

/** What answers said that is not so; null where none did. */
export function faultsTable({ faults }: Results): Markup | null {
  if (faults.length === 0) return null
  const rows = faults.slice(0, 50).map(({ what, count: times }) => [whole(times), what])
  return el('section', {}, el('h2', {}, 'Wrong answers'), card(table(['Times', 'What'], rows, 'words')))
}

function verdict(violations: number): Markup {
  return violations === 0
    ? el('b', { class: 'good' }, 'all hold')
    : el('b', { class: 'bad' }, `${violations} violations`)
}

/** A count that had better be nothing. */
function count(times: number): Content {
  return times === 0 ? '0' : el('b', { class: 'bad' }, whole(times))
}

function table(head: readonly string[], rows: readonly (readonly Content[])[], className?: string): Markup {
  return el(
    'table',
    {},
    head.length === 0
      ? null
      : el(
          'thead',
          {},
          el(
            'tr',
            {},
            head.map((name) => el('th', {}, name)),
          ),
        ),
    el(
      'tbody',
      {},
      rows.map((row) =>
        el(
          'tr',
          {},
          row.map((cell) => el('td', { class: className ?? null }, cell)),
        ),
      ),
    ),
  )
}

function card(...content: Content[]): Markup {
  return el('div', { class: 'card' }, ...content)
}
