import { setTimeout as pause } from 'node:timers/promises'
import { load, loadOpen } from '../load-task.ts'
import type { Server } from '../processes.ts'
import { type Chart, figure, type PartResult } from '../results.ts'
import { middleOf } from '../rounds.ts'
import { get, searchPaths } from '../searches.ts'
import type { Part } from './part.ts'

const perSecond = 60
const shortSeconds = 60
const fullSeconds = 600
const sampleMs = 1000
const mebibyte = 1024 * 1024

/** Whether the gateway's memory stays where it is. */
export const memory: Part = {
  title: 'Memory',
  what: `the gateway's memory over 1 minute (10 with --full) of ${perSecond} searches a second`,
  async measure(bench) {
    const fleet = await bench.startAirlines()
    // What is asked is steady; refusing some of it in a busy moment would make it less.
    const gateway = await bench.startGateway(fleet, { EVENT_LOOP_DELAY_MS: '0' })
    const paths = searchPaths(300)
    // Offers are renewed many times meanwhile: that an answer is given, to a question of this route, is what can be said beforehand.
    const requests = paths.map((path) => get(path, Buffer.from(`{"query":{"origin":"${originOf(path)}"`)))
    // What fills memory at first, once, is no growth.
    await load(gateway, { connections: 8, seconds: 5, requests })
    const seconds = bench.isFull ? fullSeconds : shortSeconds
    const groups = requests.map((request) => [{ url: gateway.url, request }])
    const sampling = new AbortController()
    const samples = sample(gateway, sampling.signal)
    const task = { groups, perSecond, seconds, warmUpSeconds: 0, seed: 1 }
    const { failed, answers, firstFailed } = await loadOpen([gateway], 'Fanfare', task)
    sampling.abort()
    if (failed > 0) throw new Error(`${failed} of ${answers} searches failed, first ${firstFailed}`)
    return resultOf(await samples, seconds, answers)
  },
}

function originOf(path: string): string {
  return new URLSearchParams(path.slice(path.indexOf('?'))).get('origin') ?? ''
}

interface Sample {
  /** Seconds since the beginning. */
  at: number
  resident: number
  heap: number
}

/** A sample in every second until told to stop. */
async function sample(gateway: Server, stop: AbortSignal): Promise<Sample[]> {
  const samples: Sample[] = []
  const startedAt = performance.now()
  while (!stop.aborted) {
    const heap = await heapBytes(gateway)
    const resident = await gateway.residentBytes()
    if (resident === null) throw new Error('this system does not say how much memory a process has')
    samples.push({ at: (performance.now() - startedAt) / 1000, resident: resident / mebibyte, heap: heap / mebibyte })
    await pause(sampleMs, undefined, { signal: stop }).catch(() => {})
  }
  return samples
}

async function heapBytes(gateway: Server): Promise<number> {
  const text = await (await fetch(`${gateway.url}/metrics`)).text()
  const [, bytes] = /^nodejs_heap_size_used_bytes(?:\{[^}]*\})? (\S+)/m.exec(text) ?? []
  if (bytes === undefined) throw new Error('the gateway tells no heap size')
  return Number(bytes)
}

function resultOf(samples: Sample[], seconds: number, answers: number): PartResult {
  const quarters = [0, 1, 2, 3].map((quarter) =>
    samples.filter(({ at }) => at >= (seconds * quarter) / 4 && at < (seconds * (quarter + 1)) / 4),
  )
  const medians = (of: (one: Sample) => number) => quarters.map((those) => middleOf(those.map(of)))
  const row = (name: string, of: (one: Sample) => number) => {
    const values = medians(of)
    const [, second = Number.NaN, , last = Number.NaN] = values
    return [
      name,
      ...values.map((value) => figure(value)),
      figure(Math.max(...samples.map(of))),
      figure(last / second, 2),
    ]
  }
  const chart: Chart = {
    file: 'memory',
    title: `The gateway's memory at ${perSecond} searches a second`,
    x: { label: 'seconds', log: false },
    y: { label: 'MiB', log: false },
    series: [
      { name: 'resident', points: samples.map(({ at, resident }) => ({ x: at, y: resident })) },
      { name: 'heap used', points: samples.map(({ at, heap }) => ({ x: at, y: heap })) },
    ],
  }
  return {
    tables: [
      {
        title: `MiB over ${seconds} s, ${answers} searches of 1,500 in turn; medians of quarters`,
        columns: ['', 'first', 'second', 'third', 'last', 'most', 'last / second'],
        rows: [row('resident', ({ resident }) => resident), row('heap used', ({ heap }) => heap)],
      },
    ],
    charts: [chart],
    notes: [],
  }
}
