import { styleText } from 'node:util'
import type { Results } from './report/results.ts'
import { milliseconds, percent, whole } from './report/words.ts'
import type { Progress } from './run/watch.ts'

/** One line on how a run goes. */
function progressLine({ atMs, overMs, wantedRate, lately, totals, underWay }: Progress): string {
  const { latency, lag, searches } = lately
  return [
    `${whole(atMs / 1000).padStart(4)} s`,
    `${((searches * 1000) / overMs).toFixed(0)} searches/s of ${wantedRate.toFixed(0)}`,
    `p50 ${milliseconds(latency.p50)}`,
    `p99 ${milliseconds(latency.p99)}`,
    `errors ${percent(totals.errorShare)}`,
    `complete ${percent(totals.completeness)}`,
    `cache ${percent(totals.cacheHitShare)}`,
    `under way ${underWay}`,
    `lag p99 ${milliseconds(lag.p99)}`,
  ].join('  ')
}

/** Writes progress to a terminal on one line that moves, elsewhere a line every five seconds. */
export function createProgress(out: NodeJS.WriteStream): { show(now: Progress): void; end(): void } {
  let shown = 0
  return {
    show(now) {
      shown++
      if (out.isTTY) out.write(`\r\x1b[2K${progressLine(now).slice(0, out.columns - 1)}`)
      else if (shown % 5 === 0) out.write(`${progressLine(now)}\n`)
    },
    end() {
      if (out.isTTY && shown > 0) out.write('\r\x1b[2K')
    },
  }
}

/** What a run came to, in one line. */
export function summaryLine({ totals, latency, achievedRate, generator, seed, configHash }: Results): string {
  return [
    `${whole(totals.searches)} searches at ${achievedRate.toFixed(1)}/s`,
    `${whole(totals.requests)} requests`,
    `p50 ${milliseconds(latency.p50)}`,
    `p99 ${milliseconds(latency.p99)}`,
    `p99.9 ${milliseconds(latency['p99.9'])}`,
    `errors ${percent(totals.errorShare)}`,
    `wrong ${whole(totals.wrong)}`,
    `complete ${percent(totals.completeness)}`,
    `cache ${percent(totals.cacheHitShare)}`,
    `lag p99 ${milliseconds(generator.lag.p99)}`,
    `seed ${seed}`,
    `config ${configHash}`,
  ].join(', ')
}

/** What else there is to say at the end, line by line. */
export function closingLines(results: Results): string[] {
  const { totals, generator, audit, objectives, faults, codes, bookings } = results
  const bad = (text: string) => styleText('red', text)
  const booked = Object.entries(bookings).map(([status, count]) => `${count} ${status}`)
  const violations = [
    ...audit.airlines.flatMap((one) => one.violations.map((what) => `${one.name}: ${what}`)),
    ...audit.bookings.violations,
  ]
  const invariants = audit.airlines.reduce((sum, one) => sum + one.invariants, 0)
  return [
    ...(booked.length > 0 ? [`Bookings: ${booked.join(', ')}`] : []),
    ...codes.slice(0, 10).map(({ what, count }) => `  ${what}: ${count}`),
    ...faults.slice(0, 10).map(({ what, count }) => bad(`Wrong answer, ${count} times: ${what}`)),
    ...(totals.unfinished > 0 ? [`Cut short by the end: ${whole(totals.unfinished)} requests`] : []),
    ...(generator.starved === null ? [] : [bad(generator.starved)]),
    audit.missing === null
      ? `Audit: ${audit.airlines.length} airlines stated ${invariants} invariants, ${audit.bookings.read} bookings read again, ${violations.length} violations`
      : `Audit: ${audit.bookings.read} bookings read again, ${violations.length} violations; the airlines were not audited, for ${audit.missing}`,
    ...violations.slice(0, 10).map((what) => bad(`  ${what}`)),
    ...objectives.map(({ text, got, unit, isMet }) => {
      const figure =
        got === null
          ? 'nothing was measured'
          : unit === 'ms'
            ? milliseconds(got)
            : unit === '%'
              ? percent(got)
              : `${got.toFixed(1)}/s`
      return isMet ? styleText('green', `met     ${text}  (${figure})`) : bad(`MISSED  ${text}  (${figure})`)
    }),
  ]
}
