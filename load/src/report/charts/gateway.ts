import type { Markup } from '../markup.ts'
import type { GatewaySample, Results } from '../results.ts'
import { mebibytes, milliseconds } from '../words.ts'
import { boxOf, frame, hints, line, type Point } from './frame.ts'
import { linear, type Scale, shortTime, time } from './scale.ts'

/** Memory of the gateway's process over time; null where its metrics do not say. */
export function memoryChart(results: Results): Markup | null {
  return sampleChart(results, {
    id: 'gateway-memory',
    title: 'Memory of the gateway',
    what: 'Resident set size of the gateway’s process, from its /metrics.',
    of: ({ rssBytes }) => (rssBytes === null ? null : rssBytes / 2 ** 20),
    label: (value) => `${value} MiB`,
    text: (value) => mebibytes(value * 2 ** 20),
  })
}

/** How late the gateway's event loop ran over time; null where its metrics do not say. */
export function eventLoopChart(results: Results): Markup | null {
  return sampleChart(results, {
    id: 'gateway-event-loop',
    title: 'Event loop of the gateway',
    what: 'Event-loop delay, p99 of each second, from the gateway’s /metrics; an idle one shows the 10 ms of its own timer.',
    of: ({ eventLoopP99Ms }) => eventLoopP99Ms,
    label: shortTime,
    text: milliseconds,
  })
}

/** CPU time of the gateway's process over time; null where its metrics do not say. */
export function cpuChart(results: Results): Markup | null {
  return sampleChart(results, {
    id: 'gateway-cpu',
    title: 'CPU of the gateway',
    what: 'CPU time of the gateway’s process, all its threads, in shares of one core, from its /metrics.',
    of: ({ cpuShare }) => (cpuShare === null ? null : cpuShare * 100),
    label: (value) => `${value} %`,
    text: (value) => `${value.toFixed(0)} %`,
  })
}

/** How late the generator sent, over time. */
export function lagChart({ intervals, intervalMs }: Results): Markup | null {
  const box = boxOf('half', 220)
  const last = intervals.at(-1)
  const most = Math.max(0, ...intervals.map(({ lagP99 }) => lagP99 ?? 0))
  if (!last || most === 0) return null
  const x = time(0, last.atMs + intervalMs, [box.left, box.right])
  const y = linear(most, [box.bottom, box.top], shortLag, 3)
  return frame({
    id: 'send-lag',
    title: 'Lag of the load generator',
    what: 'How late requests were sent, p99 of each interval. Where this comes near the latencies above, they are the generator’s.',
    box,
    x,
    y,
    body: [
      line(
        intervals.map(({ atMs, lagP99 }): Point => [x(atMs + intervalMs / 2), lagP99 === null ? null : y(lagP99)]),
        's-offered',
      ),
      hints(
        box,
        intervals.map(({ atMs, lagP99 }) => ({
          from: x(atMs),
          to: x(atMs + intervalMs),
          text: `at ${atMs / 1000} s\nlag p99 ${milliseconds(lagP99)}`,
        })),
      ),
    ],
  })
}

function shortLag(ms: number): string {
  return ms === 0 ? '0' : shortTime(ms)
}

function sampleChart(
  { gateway }: Results,
  kind: {
    id: string
    title: string
    what: string
    of: (sample: GatewaySample) => number | null
    label: (value: number) => string
    text: (value: number) => string
  },
): Markup | null {
  const { id, title, what, of, label, text } = kind
  const values = gateway.flatMap((sample) => of(sample) ?? [])
  const last = gateway.at(-1)
  if (!last || values.length === 0) return null
  const box = boxOf('half', 220)
  const x: Scale = time(0, last.atMs, [box.left, box.right])
  const y = linear(Math.max(...values), [box.bottom, box.top], (value) => (value === 0 ? '0' : label(value)), 3)
  return frame({
    id,
    title,
    what,
    box,
    x,
    y,
    body: [
      line(
        gateway.map((sample): Point => {
          const value = of(sample)
          return [x(sample.atMs), value === null ? null : y(value)]
        }),
        's-median',
      ),
      hints(
        box,
        gateway.map((sample, index) => {
          const value = of(sample)
          const from = gateway[index - 1]?.atMs ?? 0
          return {
            from: x(from),
            to: x(sample.atMs),
            text: `at ${(sample.atMs / 1000).toFixed(0)} s\n${value === null ? 'not said' : text(value)}`,
          }
        }),
      ),
    ],
  })
}
