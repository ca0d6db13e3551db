import type { AuditResult } from '../report/results.ts'
import { field, readJson, readText, TargetError } from './target.ts'

const whatToken = '--sim-token, or FANFARE_SIM_TOKEN, must be what the system was started with'

type AirlineAudit = AuditResult['airlines'][number]

/** Where the airlines are, and how their control plane is opened. */
export interface AirlineAuditOptions {
  /** Of the gateway. */
  url: string
  token: string
  /** By name; empty: those that the gateway's Swagger UI lists. */
  airlines: ReadonlyMap<string, string>
}

/**
 * Has every airline state its invariants: through the gateway's own control plane where it has one, else at each airline.
 * `missing` says why it could not be done.
 */
export async function auditAirlines(options: AirlineAuditOptions): Promise<Pick<AuditResult, 'airlines' | 'missing'>> {
  const { url, token } = options
  try {
    const whole = await readJson(`${url}/_sim/audit`, { 'fanfare-sim-token': token })
    const found = whole.status === 200 ? airlinesIn(whole.body) : null
    if (found !== null) return { airlines: found, missing: silentIn(whole.body) }
    return await auditEach(options, `${url}/_sim/audit answered ${whole.status}`)
  } catch (error) {
    if (error instanceof TargetError) return missing(error.message)
    throw error
  }
}

async function auditEach({ url, token, airlines }: AirlineAuditOptions, why: string) {
  const addresses = airlines.size > 0 ? airlines : await listedAirlines(url)
  if (addresses.size === 0)
    return missing(`${why}, and ${url}/docs lists no airlines: name them with --airlines. ${whatToken}`)
  const results: AirlineAudit[] = []
  for (const [name, address] of addresses) {
    const { status, body } = await readJson(`${address}/_sim/audit`, { 'fanfare-sim-token': token })
    const result = status === 200 ? auditOf(name, body) : null
    if (result === null) return missing(`${address}/_sim/audit answered ${status}. ${whatToken}`)
    results.push(result)
  }
  return { airlines: results, missing: null }
}

/** The airlines' addresses by the name or title that the drop-down of the gateway's Swagger UI gives them. */
async function listedAirlines(url: string): Promise<Map<string, string>> {
  const { text } = await readText(`${url}/docs/static/swagger-initializer.js`)
  const entries = text.matchAll(/"name":\s*"([^"]+)",\s*"url":\s*"(https?:[^"]+)\/openapi\.json"/g)
  return new Map([...entries].map(([, name = '', address = '']) => [name, address]))
}

/** Which airlines a gateway has no audit of, for a person to read; null: it has all. */
function silentIn(body: unknown): string | null {
  const failed = field(body, 'failed')
  if (!Array.isArray(failed) || failed.length === 0) return null
  return `no audit came from ${failed.map((one) => field(one, 'airline')).join(', ')}`
}

/** The airlines of an answer for the whole system, by name. null: there are none. */
function airlinesIn(body: unknown): AirlineAudit[] | null {
  const airlines = field(body, 'airlines')
  if (typeof airlines !== 'object' || airlines === null) return null
  const named = Object.entries(airlines).map(([name, value]) => auditOf(name, value))
  const found = named.filter((one) => one !== null)
  return found.length > 0 && found.length === named.length ? found : null
}

/** null: it is no audit. One that states nothing is none. */
function auditOf(name: string, body: unknown): AirlineAudit | null {
  const checks = field(body, 'checks')
  if (!Array.isArray(checks) || checks.length === 0) return null
  const violations = checks
    .filter((check) => field(check, 'holds') !== true)
    .map((check) => `${field(check, 'invariant')}: ${JSON.stringify(field(check, 'violations'))}`)
  return { name, holds: violations.length === 0, invariants: checks.length, violations }
}

function missing(why: string): Pick<AuditResult, 'airlines' | 'missing'> {
  return { airlines: [], missing: why }
}
