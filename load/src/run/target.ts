import type { AirlineList } from '../../../gateway/src/schemas/airline.ts'

/** How long the gateway or an airline has to answer what is asked besides the load, in milliseconds. */
const withinMs = 10_000

/** A gateway, or its world, that a run cannot begin with; the message says what to do. */
export class TargetError extends Error {}

/** Reads JSON besides the load. Throws TargetError where there is no answer; `body` is undefined where it is no JSON. */
export async function readJson(
  url: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; body: unknown }> {
  const { status, text } = await readText(url, headers)
  try {
    return { status, body: JSON.parse(text) }
  } catch {
    return { status, body: undefined }
  }
}

/** Reads text besides the load. Throws TargetError where there is no answer. */
export async function readText(
  url: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; text: string }> {
  try {
    const response = await fetch(url, { headers, signal: AbortSignal.timeout(withinMs) })
    return { status: response.status, text: await response.text() }
  } catch (error) {
    throw new TargetError(`${url} gives no answer: ${reasonOf(error)}`)
  }
}

/** Names of the gateway’s airlines that keep seats without payment. Throws TargetError where it is no gateway of Fanfare. */
export async function holdingAirlines(url: string): Promise<Set<string>> {
  const answer = await readJson(`${url}/v1/airlines`).catch((error: Error) => {
    throw new TargetError(`${error.message}. Start everything with npm start, or name another gateway with --url.`)
  })
  if (answer.status !== 200 || !isAirlineList(answer.body)) throw new TargetError(`${url} is no gateway of Fanfare`)
  return new Set(answer.body.airlines.filter(({ capabilities }) => capabilities.hold).map(({ name }) => name))
}

/** The day as the simulated clock has it where the token opens it, else as this machine has it. YYYY-MM-DD */
export async function todayAt(url: string, token: string): Promise<string> {
  const own = `${Temporal.Now.plainDateISO('UTC')}`
  const { status, body } = await readJson(`${url}/_sim/clock`, { 'fanfare-sim-token': token })
  const now = status === 200 ? field(body, 'now') : null
  return typeof now === 'string' ? now.slice(0, 10) : own
}

/** A field of an answer; undefined where there is none. */
export function field(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined
  return Object.entries(value).find(([one]) => one === name)?.[1]
}

function isAirlineList(body: unknown): body is AirlineList {
  const airlines = field(body, 'airlines')
  return (
    Array.isArray(airlines) && airlines.every((one) => typeof field(field(one, 'capabilities'), 'hold') === 'boolean')
  )
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { cause } = error
  return cause instanceof Error && cause.message !== '' ? cause.message : error.message
}
