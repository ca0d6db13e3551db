import { Ajv } from 'ajv'
import addFormats from 'ajv-formats'
import { request } from 'undici'
import {
  AirlineAudit,
  AirlineTime,
  type AirlineUnreached,
  BrownOut,
  FaultSwitch,
  FaultSwitches,
  LatencyTable,
  OperationLatency,
  ProfileName,
} from '../schemas/simulation.ts'

/** The control plane of one airline. Every call throws ControlFailure where it cannot be reached in time, refuses, or is not understood. */
export interface AirlineControl {
  time(): Promise<AirlineTime>
  /** Moves and freezes its clock. Refused where `epochMs` is before its present. */
  setTime(move: { epochMs?: number; frozen: boolean }): Promise<AirlineTime>
  faults(): Promise<FaultSwitches>
  setFaults(faults: readonly FaultSwitch[]): Promise<FaultSwitches>
  latency(): Promise<LatencyTable>
  setLatency(latency: LatencyTable): Promise<LatencyTable>
  brownOut(): Promise<BrownOut | null>
  setBrownOut(brownOut: BrownOut | null): Promise<BrownOut | null>
  profile(): Promise<ProfileName>
  setProfile(profile: ProfileName): Promise<ProfileName>
  statistics(): Promise<Record<string, unknown>>
  audit(): Promise<AirlineAudit>
  /** To how it was at the start of a fresh database. */
  reset(): Promise<void>
}

/** Why an airline's control plane gave no answer that is of use, for a person to read. */
export class ControlFailure extends Error {
  override name = 'ControlFailure'
}

/** How long one call may take, in milliseconds. */
const withinMs = 3_000

/** Opens the control plane of an airline at `url` with the token that all programs of one system share. */
export function createAirlineControl(url: string, token: string): AirlineControl {
  async function call(method: 'GET' | 'PUT' | 'POST', path: string, body?: object): Promise<unknown> {
    let status: number
    let text: string
    try {
      const response = await request(new URL(`/_sim${path}`, url), {
        method,
        headers: { 'fanfare-sim-token': token, ...(body && { 'content-type': 'application/json' }) },
        ...(body && { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(withinMs),
        // These calls are rare: a connection kept from before the airline was restarted would fail the next one.
        reset: true,
      })
      status = response.statusCode
      text = await response.body.text()
    } catch (error) {
      throw new ControlFailure(`cannot be reached: ${reasonOf(error)}`, { cause: error })
    }
    const answer = parse(text)
    if (status === 200) return answer
    const said = fieldOf(answer, 'error')
    throw new ControlFailure(`answered ${status}${typeof said === 'string' ? `: ${said}` : ''}`)
  }

  return {
    time: async () => read(isTime, await call('GET', '/clock')),
    async setTime({ epochMs, frozen }) {
      const now = epochMs === undefined ? {} : { now: new Date(epochMs).toISOString() }
      return read(isTime, await call('POST', '/clock', { ...now, frozen }))
    },
    faults: async () => inOrder(read(isFaults, await call('GET', '/faults'))),
    setFaults: async (faults) => inOrder(read(isFaults, await call('PUT', '/faults', { faults }))),
    latency: async () => read(isLatency, await call('GET', '/latency')).latency,
    setLatency: async (latency) => read(isLatency, await call('PUT', '/latency', { latency })).latency,
    brownOut: async () => read(isBrownOut, await call('GET', '/brown-out')).brownOut,
    setBrownOut: async (brownOut) => read(isBrownOut, await call('PUT', '/brown-out', { brownOut })).brownOut,
    profile: async () => read(isProfile, await call('GET', '/profile')).profile,
    setProfile: async (profile) => read(isProfile, await call('PUT', '/profile', { profile })).profile,
    statistics: async () => read(isObject, await call('GET', '/statistics')),
    audit: async () => read(isAudit, await call('GET', '/audit')),
    async reset() {
      await call('POST', '/reset')
    },
  }
}

const ajv = new Ajv({ strict: false, validateSchema: false })
addFormats.default(ajv)
for (const part of [FaultSwitch, OperationLatency, BrownOut]) ajv.addSchema(part)

const isTime = check<AirlineTime>(AirlineTime)
const isFaults = check<FaultSwitches>(FaultSwitches)
const isAudit = check<AirlineAudit>(AirlineAudit)
const isObject = check<Record<string, unknown>>({ type: 'object' })
const isLatency = check<{ latency: LatencyTable }>(only('latency', LatencyTable))
const isProfile = check<{ profile: ProfileName }>(only('profile', ProfileName))
const isBrownOut = check<{ brownOut: BrownOut | null }>(
  only('brownOut', { anyOf: [{ $ref: 'BrownOut#' }, { type: 'null' }] }),
)

/** Compiled when it is first needed: few starts look at an airline's control plane. */
function check<T>(schema: object): (answer: unknown) => answer is T {
  return (answer): answer is T => ajv.validate<T>(schema, answer)
}

function only(field: string, schema: object): object {
  return { type: 'object', properties: { [field]: schema }, required: [field] }
}

function read<T>(isRight: (answer: unknown) => answer is T, answer: unknown): T {
  if (isRight(answer)) return answer
  throw new ControlFailure(`answered what cannot be read: ${ajv.errorsText()}`)
}

/** Counts by name, in one order whatever was counted first: a run that is replayed reads the same. */
function inOrder({ faults, struck }: FaultSwitches): FaultSwitches {
  return { faults, struck: Object.fromEntries(Object.entries(struck).sort(([a], [b]) => (a < b ? -1 : 1))) }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.name === 'TimeoutError') return `no answer within ${withinMs} ms`
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message
}

/** What airlines answered, by name, and those that did not. */
export interface Answers<T> {
  complete: boolean
  airlines: Record<string, T>
  failed: AirlineUnreached[]
}

/** Asks airlines all at once. Throws what is no ControlFailure. */
export async function askEach<T>(
  controls: ReadonlyMap<string, AirlineControl>,
  ask: (control: AirlineControl, airline: string) => Promise<T>,
): Promise<Answers<T>> {
  const airlines = new Map<string, T>()
  const failed = new Map<string, string>()
  const asked = [...controls].map(async ([airline, control]) => {
    try {
      airlines.set(airline, await ask(control, airline))
    } catch (error) {
      if (!(error instanceof ControlFailure)) throw error
      failed.set(airline, `${airline} ${error.message}`)
    }
  })
  await Promise.all(asked)
  const names = [...controls.keys()]
  return {
    complete: failed.size === 0,
    airlines: Object.fromEntries([...airlines].sort(([a], [b]) => names.indexOf(a) - names.indexOf(b))),
    failed: [...failed].map(([airline, detail]) => ({ airline, detail })),
  }
}
