import { describe, expect, it } from 'vitest'
import { createGatewayMeter, metric } from './gateway-metrics.ts'
import { serve, serveAnswers } from './testing.ts'

describe('the gateway’s metrics', () => {
  it('are found by their whole name, labels or not', () => {
    const text = '# HELP a help\n# TYPE a gauge\na_total 7\na 1.5e3\nb{x="1 {2}"} 2 1700000000\nc NaN\n'
    expect([
      metric(text, 'a'),
      metric(text, 'a_total'),
      metric(text, 'b'),
      metric(text, 'c'),
      metric(text, 'd'),
    ]).toEqual([1500, 7, 2, null, null])
  })

  it('become samples: memory, event loop, and CPU time since the one before', async () => {
    let cpu = 1
    const server = await serve((_request, response) => {
      response.end(
        `process_cpu_seconds_total ${cpu}\nprocess_resident_memory_bytes 1e8\nnodejs_eventloop_lag_p99_seconds 0.0125\n`,
      )
      cpu += 0.5
    })
    const sample = createGatewayMeter(server.url)
    expect(await sample(1000)).toEqual({ atMs: 1000, rssBytes: 1e8, eventLoopP99Ms: 12.5, cpuShare: null })
    expect(await sample(3000)).toMatchObject({ cpuShare: 0.25 })
    await server.close()
    expect(await sample(4000)).toBeNull()
  })

  it('that do not say something leave it out', async () => {
    const server = await serveAnswers({ '/metrics': 'process_resident_memory_bytes 5\n' })
    expect(await createGatewayMeter(server.url)(0)).toEqual({
      atMs: 0,
      rssBytes: 5,
      eventLoopP99Ms: null,
      cpuShare: null,
    })
    await server.close()
  })
})
