// Closed loop: so many connections, each with one request under way, over a list of paths in turn. Every answer is compared with
// what is expected. Started as a process of its own; reads its task from standard input and writes the result to standard output.
import { text } from 'node:stream/consumers'
import { Client } from 'undici'
import type { LoadResult, LoadTask } from './load-task.ts'

const task: LoadTask = JSON.parse(await text(process.stdin))
const expected = task.requests.map(({ expected }) => Buffer.from(expected, 'base64'))
const durations: number[] = []
let wrong = 0
let next = 0

async function drive(until: number): Promise<void> {
  const client = new Client(task.url)
  while (performance.now() < until) {
    const index = next++ % task.requests.length
    const request = task.requests[index]
    if (!request) break
    const startedAt = performance.now()
    const { statusCode, body } = await client.request({
      method: request.method,
      path: request.path,
      headers: request.headers,
      ...(request.body === null ? {} : { body: request.body }),
    })
    const chunks: Buffer[] = []
    for await (const chunk of body) chunks.push(chunk)
    durations.push(performance.now() - startedAt)
    if (statusCode !== 200 || !matches(Buffer.concat(chunks), expected[index])) wrong++
  }
  await client.close()
}

function matches(answer: Buffer, wanted: Buffer | undefined): boolean {
  return wanted !== undefined && answer.length >= wanted.length && answer.subarray(0, wanted.length).equals(wanted)
}

const startedAt = performance.now()
await Promise.all(Array.from({ length: task.connections }, () => drive(startedAt + task.seconds * 1000)))
const seconds = (performance.now() - startedAt) / 1000
durations.sort((a, b) => a - b)
const at = (share: number) => durations[Math.min(durations.length - 1, Math.floor(durations.length * share))] ?? 0
const result: LoadResult = {
  answers: durations.length,
  wrong,
  perSecond: durations.length / seconds,
  p50Ms: at(0.5),
  p99Ms: at(0.99),
}
process.stdout.write(JSON.stringify(result))
