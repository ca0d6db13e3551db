import type { GatewaySample } from '../report/results.ts'
import { readText, TargetError } from './target.ts'

/** Reads the gateway's process figures from its /metrics; each call gives a sample, or null where it has none. */
export function createGatewayMeter(url: string): (atMs: number) => Promise<GatewaySample | null> {
  let before: { atMs: number; cpuSeconds: number } | null = null
  return async (atMs) => {
    const text = await metricsText(url)
    if (text === null) return null
    const cpuSeconds = metric(text, 'process_cpu_seconds_total')
    const lag = metric(text, 'nodejs_eventloop_lag_p99_seconds')
    const elapsed = before && (atMs - before.atMs) / 1000
    const cpuShare = before && elapsed && cpuSeconds !== null ? (cpuSeconds - before.cpuSeconds) / elapsed : null
    before = cpuSeconds === null ? null : { atMs, cpuSeconds }
    return {
      atMs,
      rssBytes: metric(text, 'process_resident_memory_bytes'),
      eventLoopP99Ms: lag === null ? null : lag * 1000,
      cpuShare,
    }
  }
}

/** A sample's value in the text format of Prometheus, labels left aside; null: there is none. */
export function metric(text: string, name: string): number | null {
  const line = text.split('\n').find((one) => one.startsWith(`${name} `) || one.startsWith(`${name}{`))
  const value = Number(line?.replace(/^[^{\s]+(\{.*\})?\s+/, '').split(' ', 1)[0])
  return line === undefined || !Number.isFinite(value) ? null : value
}

async function metricsText(url: string): Promise<string | null> {
  try {
    const { status, text } = await readText(`${url}/metrics`)
    return status === 200 ? text : null
  } catch (error) {
    if (error instanceof TargetError) return null
    throw error
  }
}
