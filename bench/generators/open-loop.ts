// Open loop: requests are sent when they are due, whether or not earlier ones were answered, and a latency counts from when its
// request was due. Started as a process of its own; reads its task from standard input and writes the result to standard output.
import { buffer } from 'node:stream/consumers'
import { setTimeout as pause } from 'node:timers/promises'
import { deserialize } from 'node:v8'
import { Pool } from 'undici'
import type { BenchRequest, OpenTask } from '../load-task.ts'
import { createAnswers } from './answers.ts'

/** Groups under way at most; one that is due beyond that is not sent and counts as wrong. */
const mostUnderWay = 2_000
const longestMs = 10_000

const task: OpenTask = deserialize(await buffer(process.stdin))
const answers = createAnswers()
const pools = new Map<string, Pool>()
for (const { url } of task.groups.flat()) {
  if (!pools.has(url))
    pools.set(url, new Pool(url, { connections: 256, headersTimeout: longestMs, bodyTimeout: longestMs }))
}
const random = randomFrom(task.seed)
const underWay = new Set<Promise<void>>()
const startedAt = performance.now()
let due = 0
for (let index = 0; ; index++) {
  due += (-Math.log(1 - random()) / task.perSecond) * 1000
  if (due >= task.seconds * 1000) break
  const wait = startedAt + due - performance.now()
  if (wait > 0) await pause(wait)
  const group = task.groups[index % task.groups.length] ?? []
  if (underWay.size >= mostUnderWay) {
    answers.addJudged(longestMs, `${mostUnderWay} were under way`)
    continue
  }
  const done: Promise<void> = send(group, startedAt + due).finally(() => underWay.delete(done))
  underWay.add(done)
}
await Promise.all(underWay)
const seconds = (performance.now() - startedAt) / 1000
await Promise.all([...pools.values()].map((pool) => pool.close()))
answers.tell(seconds)

interface Answered {
  request: BenchRequest
  status: number
  bytes: Buffer | null
}

async function send(group: { url: string; request: BenchRequest }[], dueAt: number): Promise<void> {
  const all = await Promise.all(group.map(({ url, request }) => ask(url, request)))
  const latencyMs = performance.now() - dueAt
  const worst = all.find(({ request, status }) => status !== request.status) ?? all[0]
  if (worst) answers.add(latencyMs, worst.request, worst.status, worst.bytes)
}

async function ask(url: string, request: BenchRequest): Promise<Answered> {
  const { method, path, headers, body: text } = request
  try {
    const answer = await pools.get(url)?.request({ method, path, headers, body: text })
    if (!answer) return { request, status: 0, bytes: null }
    const chunks: Buffer[] = []
    for await (const chunk of answer.body) chunks.push(chunk)
    return { request, status: answer.statusCode, bytes: Buffer.concat(chunks) }
  } catch {
    return { request, status: 0, bytes: null }
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
