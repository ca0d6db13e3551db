import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { request } from 'undici'
import type { Bench } from '../context.ts'
import { type BenchRequest, load } from '../load-task.ts'
import type { Server } from '../processes.ts'
import { alternate, type Run, rateTable } from '../rounds.ts'
import { dateAhead, get, read, searchPath } from '../searches.ts'
import type { Part } from './part.ts'

const connections = 32

const references = { plain: 'bare route', gzip: 'bare route, gzip', tag: 'bare route, 304' }
const gzipHeaders = { 'accept-encoding': 'gzip' }

/** Cached searches against a bare route with the same bytes. */
export const cached: Part = {
  title: 'Cached search',
  what: 'cached search, whole, as gzip and as 304, against a bare Fastify route with the same bytes',
  async measure(bench) {
    const fleet = await bench.startAirlines()
    const gateway = await bench.startGateway(fleet)
    const path = searchPath('DEL', 'BOM', dateAhead(30))
    const bytes = await read(gateway, path)
    const gzip = gzipSync(bytes)
    const bare = await startBare(bench, bytes, gzip)
    const results = await alternate(runsOf(bench, { gateway, bare, path, bytes, gzip }), bench.rounds)
    return { tables: [rateTable(`A search of ${bytes.length} bytes from memory`, results)], charts: [], notes: [] }
  },
}

/** A bare route that sends these bytes. */
export async function startBare({ folder, start }: Bench, bytes: Buffer, gzip: Buffer): Promise<Server> {
  const file = join(folder, 'answer.json')
  await writeFile(file, bytes)
  await writeFile(`${file}.gz`, gzip)
  return start('bare', 'bench/servers/bare.ts', 0, '/health', { BENCH_BYTES: file })
}

interface Subjects {
  gateway: Server
  bare: Server
  path: string
  /** What the bare route sends. */
  bytes: Buffer
  gzip: Buffer
}

function runsOf({ seconds }: Bench, { gateway, bare, path, bytes, gzip }: Subjects): Run[] {
  const measure = (server: Server, asked: BenchRequest) => load(server, { connections, seconds, requests: [asked] })
  // An entry is good for a minute: it is asked for before each round, so that no round pays for a refresh.
  const current = async () => {
    const answer = await fetch(gateway.url + path)
    return { tag: answer.headers.get('etag') ?? '', bytes: Buffer.from(await answer.arrayBuffer()) }
  }
  const compressed = async () => {
    const bytes = await rawGzip(gateway.url + path)
    if (!gunzipSync(bytes).equals((await current()).bytes)) throw new Error('the gzip is of another answer')
    return bytes
  }
  const nothing = Buffer.alloc(0)
  return [
    { name: references.plain, measure: () => measure(bare, get(path, bytes)) },
    { name: 'cached search', measure: async () => measure(gateway, get(path, (await current()).bytes)) },
    { name: references.gzip, against: references.gzip, measure: () => measure(bare, get(path, gzip, gzipHeaders)) },
    {
      name: 'cached search, gzip',
      against: references.gzip,
      measure: async () => measure(gateway, get(path, await compressed(), gzipHeaders)),
    },
    {
      name: references.tag,
      against: references.tag,
      measure: () => measure(bare, get(path, nothing, { 'if-none-match': '"bare"' }, 304)),
    },
    {
      name: 'cached search, 304',
      against: references.tag,
      measure: async () => measure(gateway, get(path, nothing, { 'if-none-match': (await current()).tag }, 304)),
    },
  ]
}

/** The compressed bytes as they are sent; fetch would decompress them. */
async function rawGzip(url: string): Promise<Buffer> {
  const { statusCode, headers, body } = await request(url, { headers: gzipHeaders })
  if (statusCode !== 200 || headers['content-encoding'] !== 'gzip') throw new Error(`${url} is not given as gzip`)
  return Buffer.from(await body.arrayBuffer())
}
