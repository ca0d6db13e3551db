// Stands in for airlines where a latency is to be exact and cheap: answers what an airline once answered to the same request, after a
// fixed time. What it has not been asked yet it asks the airline. One process, a port for each airline, and one of its own that tells
// how often airlines were asked.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { setTimeout as pause } from 'node:timers/promises'

/** An airline to stand in for. */
interface Airline {
  url: string
  port: number
  delayMs: number
}

interface Answer {
  status: number
  contentType: string
  bytes: Buffer
}

const stands: Airline[] = JSON.parse(process.env.BENCH_REPLAY ?? '[]')
// What a request is called, as NDC's TrxID: it has no part in what is asked.
const names = /[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}/g
let asked = 0

for (const { url, port, delayMs } of stands) {
  const known = new Map<string, Answer>()
  const find = async (request: IncomingMessage): Promise<Answer> => {
    const body = await buffer(request)
    const key = `${request.method} ${request.url} ${body.toString('latin1').replace(names, '')}`
    const answer = known.get(key) ?? (await ask(`${url}${request.url}`, request, body))
    // An airline that asks to be asked again will answer otherwise then.
    if (answer.status < 300 && !answer.bytes.includes('"ready":false')) known.set(key, answer)
    return answer
  }
  createServer((request, response) => {
    const held = pause(delayMs)
    Promise.all([find(request), held]).then(
      ([answer]) => send(response, answer),
      () => response.destroy(),
    )
  }).listen(port, '127.0.0.1')
}

createServer((_request, response) => response.end(JSON.stringify({ asked }))).listen(
  Number(process.env.PORT),
  '127.0.0.1',
)

async function ask(url: string, { method = 'GET', headers }: IncomingMessage, body: Buffer): Promise<Answer> {
  asked++
  const own = ['host', 'connection', 'content-length', 'transfer-encoding', 'keep-alive', 'accept-encoding']
  const kept = Object.entries(headers).flatMap(([name, value]): [string, string][] =>
    own.includes(name) || value === undefined ? [] : [[name, [value].flat().join(', ')]],
  )
  const answer = await fetch(url, { method, headers: kept, ...(body.length > 0 && { body }) })
  const contentType = answer.headers.get('content-type') ?? 'application/octet-stream'
  return { status: answer.status, contentType, bytes: Buffer.from(await answer.arrayBuffer()) }
}

function send(response: ServerResponse, { status, contentType, bytes }: Answer): void {
  response.writeHead(status, { 'content-type': contentType, 'content-length': bytes.length }).end(bytes)
}
