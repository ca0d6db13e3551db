// A reference for uncached searches: the fan-out as people write it by hand with Express 5 and axios.
import axios from 'axios'
import express from 'express'
import { loadConfig } from '../../gateway/src/config.ts'
import { searchesOver } from '../by-hand/airlines.ts'
import { answerTo } from '../by-hand/answer.ts'
import { waitMs } from '../by-hand/search.ts'

const config = loadConfig()
const clients = new Map(
  [...config.airlines].map(([name, { url }]) => [
    name,
    axios.create({ baseURL: url, responseType: 'text', timeout: waitMs }),
  ]),
)
const searches = searchesOver(async ({ airline, method, path, headers, body }) => {
  const client = clients.get(airline)
  if (!client) throw new Error(`no airline ${airline}`)
  const response = await client.request<string>({ method, url: path, headers, data: body })
  return response.data
})

const app = express()
app.get('/health', (_request, response) => {
  response.json({ status: 'ok' })
})
app.get('/v1/search', async (request, response) => {
  response.json(await answerTo(request.query, searches))
})
app.listen(Number(process.env.PORT), '127.0.0.1')
