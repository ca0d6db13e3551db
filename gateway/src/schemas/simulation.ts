import { type Static, type TSchema, Type } from 'typebox'
import { component, nullable, oneOf, ref } from './ref.ts'

/** What can be asked of an airline, as the simulation names it. */
const operations = [
  'sign_in',
  'search',
  'price',
  'baggage',
  'seat_maps',
  'read_order',
  'find_order',
  'quote_cancellation',
  'hold',
  'purchase',
  'pay',
  'cancel',
] as const

/** How a request to an airline can go wrong. */
export const faultKinds = [
  'reset',
  'error',
  'rate_limited',
  'timeout',
  'lost_answer',
  'error_after',
  'late',
  'drip',
  'truncated',
  'html',
  'missing_key',
  'wrong_type',
  'done_later',
  'price_change',
  'sold_out',
  'seat_taken',
  'schedule_change',
] as const

/** Nothing waits longer than this, in milliseconds. */
const mostWaitMs = 600_000

const mostAdvanceMs = 10 * 365 * 86_400_000

const share = (description: string) => Type.Number({ minimum: 0, maximum: 1, description })
const factor = (description: string) => Type.Number({ minimum: 0, maximum: 1_000, description })
const milliseconds = (minimum: number, description: string, maximum = mostWaitMs) =>
  Type.Integer({ minimum, maximum, description })

/** An object by airline; in what is sent `*` stands for every airline that is not named. */
function byAirline<T extends TSchema>(schema: T, description: string) {
  const record = { type: 'object', additionalProperties: schema, minProperties: 1, maxProperties: 100, description }
  return Type.Unsafe<Record<string, Static<T>>>(record)
}

const FaultKind = oneOf([...faultKinds], {
  description:
    'Nothing is done: `reset` (connection cut), `error` (500), `rate_limited` (429), `timeout` (never answers). It is done, but the answer suffers: `lost_answer`, `error_after`, `late`, `drip`, `truncated`, `html`, `missing_key`, `wrong_type`. `done_later`: the connection is cut, and it is done after a while. In the world: `price_change`, `sold_out`, `seat_taken`, `schedule_change`.',
})

export const FaultSwitch = component(
  'FaultSwitch',
  {
    operation: oneOf([...operations, '*'], { description: 'What goes wrong; `*`: every operation' }),
    kind: FaultKind,
    share: Type.Number({ minimum: 0, maximum: 1, default: 1, description: 'Share of requests that it strikes' }),
    next: Type.Union([Type.Integer({ minimum: 0 }), Type.Null()], {
      default: null,
      description: 'Strikes so many requests and no more; null: no end',
    }),
    delayMs: Type.Integer({
      minimum: 0,
      maximum: mostWaitMs,
      default: 5_000,
      description: 'Milliseconds of `late`, `drip` and `done_later`',
    }),
  },
  'Makes requests to an airline go wrong',
)
export type FaultSwitch = Static<typeof FaultSwitch>

export const OperationLatency = component(
  'OperationLatency',
  {
    fixedMs: Type.Optional(milliseconds(0, 'Always so many milliseconds')),
    medianMs: Type.Optional(milliseconds(1, 'Median of a lognormal distribution, with `p99Ms` and `maxMs`')),
    p99Ms: Type.Optional(milliseconds(1, 'Its 99th percentile')),
    maxMs: Type.Optional(milliseconds(1, 'Never more than this')),
    slow: Type.Optional(
      Type.Object(
        { share: share('Of the requests'), factor: factor('So many times as long') },
        { additionalProperties: false, description: 'A share of the requests takes longer' },
      ),
    ),
  },
  'How long answers are kept back: either `fixedMs`, or `medianMs`, `p99Ms` and `maxMs`',
)
export type OperationLatency = Static<typeof OperationLatency>

const latencyFields = Object.fromEntries(
  [...operations, '*'].map((name) => [name, Type.Optional(ref(OperationLatency))]),
)

export const LatencyTable = Type.Unsafe<Partial<Record<(typeof operations)[number] | '*', OperationLatency>>>(
  Type.Object(latencyFields, {
    additionalProperties: false,
    description: 'By operation; `*` is of those that are not named. What is not in it takes no time of its own',
  }),
)
export type LatencyTable = Static<typeof LatencyTable>

export const BrownOut = component(
  'BrownOut',
  {
    everyMs: milliseconds(1, 'Once in each so many milliseconds', 86_400_000),
    forMs: milliseconds(1, 'for so many, at most `everyMs`', 86_400_000),
    factor: factor('latencies are so many times as long'),
    errorShare: share('and this share of the requests gets a 500'),
  },
  'An airline that is now well, now not',
)
export type BrownOut = Static<typeof BrownOut>

export const ProfileName = oneOf(['instant', 'realistic', 'chaos'], {
  description: 'How an airline behaves by itself: at once and without fault, as real ones do, or badly',
})
export type ProfileName = Static<typeof ProfileName>

export const AirlineUnreached = component(
  'AirlineUnreached',
  {
    airline: Type.String({ description: 'Name of the airline' }),
    detail: Type.String({ description: 'Why it has no answer, for a person to read' }),
  },
  'An airline that could not be asked, or would not',
)
export type AirlineUnreached = Static<typeof AirlineUnreached>

const parts = <T extends TSchema>(schema: T, description: string) => ({
  complete: Type.Boolean({ description: 'False when an airline could not be asked' }),
  airlines: Type.Unsafe<Record<string, Static<T>>>({ type: 'object', additionalProperties: schema, description }),
  failed: Type.Array(ref(AirlineUnreached), { description: 'Airlines that are missing; nothing is known of them' }),
})

const time = {
  now: Type.String({ format: 'date-time', description: 'RFC 3339, in UTC' }),
  epochMs: Type.Integer({ description: 'The same, in milliseconds since the epoch' }),
  frozen: Type.Boolean({ description: 'Whether it stands still' }),
}

export const AirlineTime = component('AirlineTime', time, 'The time that an airline goes by')
export type AirlineTime = Static<typeof AirlineTime>

export const WorldTime = component(
  'WorldTime',
  { ...time, ...parts(ref(AirlineTime), 'Each airline’s time, by name') },
  'The time that the gateway goes by, and the airlines’',
)
export type WorldTime = Static<typeof WorldTime>

export const ClockMove = component(
  'ClockMove',
  {
    advanceMs: Type.Optional(milliseconds(0, 'Forward by so many milliseconds', mostAdvanceMs)),
    now: Type.Optional(
      Type.String({ format: 'date-time', maxLength: 40, description: 'To this instant, not before the present' }),
    ),
    frozen: Type.Optional(Type.Boolean({ description: 'Stand still, or go on; left out: as it was' })),
  },
  'A move of every clock, to the same instant. `advanceMs` and `now` exclude each other',
)
export type ClockMove = Static<typeof ClockMove>

export const FaultSwitches = component(
  'FaultSwitches',
  {
    faults: Type.Array(ref(FaultSwitch), { description: 'The first switch that strikes a request is the only one' }),
    struck: Type.Unsafe<Record<string, number>>({
      type: 'object',
      additionalProperties: { type: 'integer' },
      description: 'How often each fault has struck, by `operation/kind`',
    }),
  },
  'The switches of an airline',
)
export type FaultSwitches = Static<typeof FaultSwitches>

export const WorldFaults = component('WorldFaults', parts(ref(FaultSwitches), 'By name'), 'The airlines’ switches')
export type WorldFaults = Static<typeof WorldFaults>
export const FaultsByAirline = byAirline(
  Type.Array(ref(FaultSwitch), { maxItems: 1_000 }),
  'Switches by airline, in place of those that it has; an airline that is not named stays as it is, `*` names all others',
)

export const WorldLatency = component('WorldLatency', parts(LatencyTable, 'By name'), 'The airlines’ latencies')
export type WorldLatency = Static<typeof WorldLatency>
export const LatencyByAirline = byAirline(LatencyTable, 'Latencies by airline, as in `PUT /_sim/faults`')

export const WorldBrownOut = component(
  'WorldBrownOut',
  parts(nullable(ref(BrownOut), 'null: none'), 'By name'),
  'The airlines’ brown-outs',
)
export type WorldBrownOut = Static<typeof WorldBrownOut>
export const BrownOutByAirline = byAirline(
  nullable(ref(BrownOut), 'null switches it off'),
  'Brown-outs by airline, as in `PUT /_sim/faults`',
)

export const WorldProfile = component(
  'WorldProfile',
  parts(ProfileName, 'By name: the one that was set last; single settings may have changed since'),
  'The airlines’ profiles',
)
export type WorldProfile = Static<typeof WorldProfile>
export const ProfileByAirline = byAirline(
  ProfileName,
  'Profiles by airline, as in `PUT /_sim/faults`. A profile replaces latencies, switches and brown-out',
)

const anything = { type: 'object', additionalProperties: true } as const

export const WorldStatistics = component(
  'WorldStatistics',
  parts(
    Type.Unsafe<Record<string, unknown>>({
      ...anything,
      description: '`operations`: requests, faults and latency of each',
    }),
    'By name, since the start or the last reset',
  ),
  'What airlines were asked, and what came of it',
)
export type WorldStatistics = Static<typeof WorldStatistics>

export const AirlineAudit = component(
  'AirlineAudit',
  {
    holds: Type.Boolean({ description: 'Whether every invariant holds' }),
    checks: Type.Array(Type.Unsafe<Record<string, unknown>>(anything), {
      description: 'Each `invariant`, whether it `holds`, and its `violations`',
    }),
  },
  'The invariants of one airline: one owner per seat, no more sold than there is, money in = prices of orders + fees',
)
export type AirlineAudit = Static<typeof AirlineAudit>

export const WorldAudit = component(
  'WorldAudit',
  {
    holds: Type.Boolean({ description: 'Whether every invariant holds at every airline; false where one is missing' }),
    ...parts(ref(AirlineAudit), 'By name'),
  },
  'The airlines’ audits',
)
export type WorldAudit = Static<typeof WorldAudit>

export const ResetRequest = component(
  'ResetRequest',
  {
    bookings: Type.Boolean({
      default: false,
      description:
        'Forget the gateway’s bookings and idempotency keys too; without it they stay, though no airline knows them',
    }),
  },
  'What to reset besides the airlines, the clocks, the cache and the scenario',
)
export type ResetRequest = Static<typeof ResetRequest>

const duration = (description: string) =>
  Type.String({ pattern: '^\\d{1,9}(\\.\\d{1,3})?(ms|s|m|h)$', description, examples: ['30s'] })

export const ScenarioStep = component(
  'ScenarioStep',
  {
    at: duration('When it begins, from the start: `500ms`, `30s`, `2m`, `1h`'),
    airline: Type.String({ pattern: '^(\\*|[a-z][a-z0-9_-]*)$', description: 'Name of the airline; `*`: all of them' }),
    for: Type.Optional(duration('How long; left out: until the scenario is stopped')),
    latency: Type.Optional(
      Type.Unsafe<{ factor?: number } & LatencyTable>(
        Type.Object(
          { factor: Type.Optional(factor('All latencies are so many times as long')), ...latencyFields },
          { additionalProperties: false, description: 'Latencies by operation, in place of its own, and a factor' },
        ),
      ),
    ),
    faults: Type.Optional(
      Type.Array(ref(FaultSwitch), { minItems: 1, maxItems: 100, description: 'Switches besides those that are on' }),
    ),
    brownOut: Type.Optional(ref(BrownOut)),
    profile: Type.Optional(ProfileName),
    stop: Type.Optional(Type.Literal(true, { description: 'It cuts every connection, as if it were not running' })),
  },
  'What happens to an airline: at least one of `latency`, `faults`, `brownOut`, `profile` and `stop`',
)
export type ScenarioStep = Static<typeof ScenarioStep>

export const Scenario = component(
  'Scenario',
  {
    name: Type.String({ minLength: 1, maxLength: 100, description: 'What it is called' }),
    description: Type.Optional(Type.String({ maxLength: 5_000, description: 'What it shows, for a person to read' })),
    seed: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 100,
        description: 'The world it was written for; `npm start` starts that one, a running world keeps its own',
      }),
    ),
    steps: Type.Array(ref(ScenarioStep), { minItems: 1, maxItems: 1_000 }),
  },
  'A timeline of what happens to airlines',
)
export type Scenario = Static<typeof Scenario>

export const ScenarioEvent = component(
  'ScenarioEvent',
  {
    atMs: Type.Integer({ description: 'Milliseconds from the start' }),
    airline: Type.String({ description: 'Name of the airline; `*`: all of them' }),
    event: oneOf(['begins', 'ends'], { description: 'Of the step' }),
    what: Type.String({ description: 'The step, for a person to read' }),
    error: nullable(Type.String(), 'What kept it from being so; null: it is so'),
  },
  'A moment of a scenario',
)
export type ScenarioEvent = Static<typeof ScenarioEvent>

export const ScenarioState = component(
  'ScenarioState',
  {
    status: oneOf(['idle', 'playing', 'done', 'stopped'], {
      description:
        '`idle`: none was played; `done`: played to its end, where steps without an end stay; `stopped`: everything is as before it',
    }),
    name: nullable(Type.String(), 'Of the scenario; null: none was played'),
    elapsedMs: Type.Integer({ description: 'Real milliseconds that it has played' }),
    lengthMs: Type.Integer({ description: 'Milliseconds from the start to its last moment' }),
    done: Type.Array(ref(ScenarioEvent), { description: 'What has happened, oldest first' }),
    next: nullable(ref(ScenarioEvent), 'What happens next; null: nothing'),
  },
  'How far a scenario is',
)
export type ScenarioState = Static<typeof ScenarioState>

/** What opens the control plane. */
export const SimHeaders = Type.Object({
  'fanfare-sim-token': Type.Optional(
    Type.String({ description: 'The token of `FANFARE_SIM_TOKEN`; `npm start` takes `fanfare` unless told otherwise' }),
  ),
})

/** For requests that airlines can be told to fail. */
export const FaultHeaders = Type.Object({
  'fanfare-fault': Type.Optional(
    Type.String({
      description:
        'Makes airlines fail this one request: `<airline>=<kind>`, several parted by commas, kinds as in FaultSwitch. Only where the control plane is open (`npm start` opens it). Nothing of such a request is shared with others: no cached answer is used, none is kept. On bookings it strikes the calls that hold, sell, pay or give back, not those that only read.',
      examples: ['banyan=timeout,monsoon=error'],
    }),
  ),
})
