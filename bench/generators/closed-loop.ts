// Closed loop: so many connections, each with one request under way, over a list of requests in turn. Every answer is compared with
// what is expected. Started as a process of its own; reads its task from standard input and writes the result to standard output.
import { setMaxListeners } from 'node:events'
import { buffer } from 'node:stream/consumers'
import { deserialize } from 'node:v8'
import { Client } from 'undici'
import { exchange } from '../../gateway/src/upstream/exchange.ts'
import type { LoadTask } from '../load-task.ts'
import { createAnswers } from './answers.ts'

/** Never aborts: undici's own time-outs hold. */
const patience = new AbortController().signal
setMaxListeners(0, patience)
const mostBytes = 64 * 1024 * 1024

const task: LoadTask = deserialize(await buffer(process.stdin))
const answers = createAnswers()
const most = task.count ?? Number.POSITIVE_INFINITY
let sent = 0

async function drive(url: string, until: number): Promise<void> {
  const client = new Client(url)
  while (performance.now() < until && sent < most) {
    const request = task.requests[(task.first + sent++) % task.requests.length]
    if (!request) break
    const { method, path, headers, body: text } = request
    const startedAt = performance.now()
    // Without a stream for every body: a generator that is busier than the server measures itself.
    const answer = await exchange(client, { method, path, headers, body: text }, patience, mostBytes)
    const latencyMs = performance.now() - startedAt
    const cacheStatus = answer.headers['cache-status']?.toString()
    answers.add(latencyMs, request, { status: answer.status, cacheStatus, bytes: answer.body })
  }
  await client.close()
}

const startedAt = performance.now()
const until = task.seconds === null ? Number.POSITIVE_INFINITY : startedAt + task.seconds * 1000
await Promise.all(
  Array.from({ length: task.connections }, (_, index) => drive(task.urls[index % task.urls.length] ?? '', until)),
)
answers.tell((performance.now() - startedAt) / 1000)
