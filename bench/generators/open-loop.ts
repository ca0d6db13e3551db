// Open loop: requests are sent when they are due, whether or not earlier ones were answered, and a latency counts from when its
// request was due. Started as a process of its own; reads its task from standard input and writes the result to standard output.
import { buffer } from 'node:stream/consumers'
import { setTimeout as pause } from 'node:timers/promises'
import { deserialize, serialize } from 'node:v8'
import { Pool } from 'undici'
import type { BenchRequest, OpenResult, OpenTask } from '../load-task.ts'
import { type Judgement, judge } from './judge.ts'

/** Groups under way at most; one that is due beyond that is not sent and counts as failed. */
const mostUnderWay = 2_000
const longestMs = 10_000

const task: OpenTask = deserialize(await buffer(process.stdin))
const pools = new Map<string, Pool>()
for (const { url } of task.groups.flat()) {
  if (!pools.has(url))
    pools.set(url, new Pool(url, { connections: 256, headersTimeout: longestMs, bodyTimeout: longestMs }))
}
const latencies: number[] = []
const lags: number[] = []
const failed: string[] = []
const wrong: string[] = []
const random = randomFrom(task.seed)
const underWay = new Set<Promise<void>>()
const warmUpMs = task.warmUpSeconds * 1000
const endMs = warmUpMs + task.seconds * 1000
const startedAt = performance.now()
let due = 0
let sent = 0
for (;;) {
  due += (-Math.log(1 - random()) / task.perSecond) * 1000
  if (due >= endMs) break
  const wait = startedAt + due - performance.now()
  if (wait > 0) await pause(wait)
  const group = task.groups[sent++ % task.groups.length] ?? []
  const dueAt = startedAt + due
  const counts = due >= warmUpMs
  if (counts) lags.push(performance.now() - dueAt)
  if (underWay.size >= mostUnderWay) {
    if (counts) count(longestMs, { is: 'failed', why: `${mostUnderWay} were under way` })
    continue
  }
  const done: Promise<void> = send(group, dueAt, counts).finally(() => underWay.delete(done))
  underWay.add(done)
}
await Promise.all(underWay)
const seconds = (performance.now() - startedAt - warmUpMs) / 1000
await Promise.all([...pools.values()].map((pool) => pool.close()))
const result: OpenResult = {
  sent,
  answers: latencies.length,
  wrong: wrong.length,
  firstWrong: wrong[0] ?? null,
  elsewhere: 0,
  failed: failed.length,
  firstFailed: failed[0] ?? null,
  perSecond: latencies.length / seconds,
  latencies: Float64Array.from(latencies).sort(),
  lags: Float64Array.from(lags).sort(),
}
process.stdout.write(serialize(result))

async function send(group: { url: string; request: BenchRequest }[], dueAt: number, counts: boolean): Promise<void> {
  const judged = await Promise.all(group.map(({ url, request }) => ask(url, request)))
  const latencyMs = performance.now() - dueAt
  const bad = judged.find(({ is }) => is === 'wrong') ?? judged.find(({ is }) => is === 'failed')
  if (!counts && bad?.is !== 'wrong') return
  const late: Judgement = { is: 'failed', why: `the answer took ${Math.round(latencyMs)} ms` }
  count(latencyMs, bad ?? (latencyMs > longestMs ? late : { is: 'right' }))
}

function count(latencyMs: number, judgement: Judgement): void {
  latencies.push(judgement.is === 'right' ? latencyMs : Number.POSITIVE_INFINITY)
  if (judgement.is === 'wrong') wrong.push(judgement.why)
  if (judgement.is === 'failed') failed.push(judgement.why)
}

async function ask(url: string, request: BenchRequest): Promise<Judgement> {
  const { method, path, headers, body: text } = request
  try {
    const answer = await pools.get(url)?.request({ method, path, headers, body: text })
    if (!answer) return { is: 'wrong', why: `there is no connection to ${url}` }
    const chunks: Buffer[] = []
    for await (const chunk of answer.body) chunks.push(chunk)
    return judge(request, answer.statusCode, Buffer.concat(chunks))
  } catch (error) {
    return { is: 'failed', why: `${request.path}: ${error instanceof Error ? error.message : error}` }
  }
}

/** Mulberry32: numbers from 0 to 1, the same for the same seed. */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}
