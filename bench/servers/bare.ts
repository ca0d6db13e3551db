// The reference for cached searches: a bare Fastify route that sends ready bytes, or 304 to who names their tag, and does nothing else.
import { readFile } from 'node:fs/promises'
import Fastify from 'fastify'

const file = process.env.BENCH_BYTES ?? ''
const bytes = await readFile(file)
const gzip = await readFile(`${file}.gz`)
const tag = '"bare"'
const app = Fastify()
app.get('/v1/search', ({ headers }, reply) => {
  reply.header('etag', tag)
  if (headers['if-none-match'] === tag) return reply.code(304).send()
  reply.header('content-type', 'application/json; charset=utf-8')
  if (headers['accept-encoding'] !== 'gzip') return reply.send(bytes)
  return reply.header('content-encoding', 'gzip').send(gzip)
})
app.get('/health', () => ({ status: 'ok' }))
await app.listen({ port: Number(process.env.PORT), host: '127.0.0.1' })
