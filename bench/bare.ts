// The reference for cached searches: a bare Fastify route that sends ready bytes and does nothing else.
import { readFile } from 'node:fs/promises'
import Fastify from 'fastify'

const bytes = await readFile(process.env.BENCH_BYTES ?? '')
const app = Fastify()
app.get('/v1/search', (_request, reply) => reply.header('content-type', 'application/json; charset=utf-8').send(bytes))
app.get('/health', () => ({ status: 'ok' }))
await app.listen({ port: Number(process.env.PORT), host: '127.0.0.1' })
