// A reference for uncached searches: the fan-out as people write it by hand with Fastify and the global fetch.
import Fastify from 'fastify'
import { loadConfig } from '../../gateway/src/config.ts'
import { searchesOver } from '../by-hand/airlines.ts'
import { answerTo, type HandQuery } from '../by-hand/answer.ts'
import { waitMs } from '../by-hand/search.ts'

const config = loadConfig()
const searches = searchesOver(async ({ airline, method, path, headers, body }) => {
  const url = `${config.airlines.get(airline)?.url}${path}`
  const signal = AbortSignal.timeout(waitMs)
  const response = await fetch(url, { method, headers, signal, ...(body !== undefined && { body }) })
  const text = await response.text()
  if (!response.ok) throw new Error(`${airline} answered ${response.status}`)
  return text
})

const app = Fastify()
app.get('/health', () => ({ status: 'ok' }))
app.get<{ Querystring: HandQuery }>('/v1/search', ({ query }) => answerTo(query, searches))
await app.listen({ port: Number(process.env.PORT), host: '127.0.0.1' })
