import { Type } from 'typebox'
import { faultKinds } from '../faults/faults.ts'
import { operations } from '../faults/operations.ts'
import { profileNames } from '../faults/profiles.ts'

/** The bodies that the control plane takes. All of them are closed: an unknown field is refused. */

const closed = { additionalProperties: false } as const

/** A clock moves at most ten years at once, so that it stays within the dates that JavaScript knows. */
export const mostAdvanceMs = 10 * 365 * 86_400_000

/** Nothing waits longer than this, in milliseconds. */
const mostWaitMs = 600_000

const Share = Type.Number({ minimum: 0, maximum: 1 })
const Factor = Type.Number({ minimum: 0, maximum: 1_000 })
const Milliseconds = Type.Integer({ minimum: 0, maximum: mostWaitMs })
const Period = Type.Integer({ minimum: 1, maximum: 86_400_000 })

/** POST /clock: moves it by so much or to a moment, and freezes it or lets it run; left out: as it is. */
export const ClockMove = Type.Object(
  {
    advanceMs: Type.Optional(Type.Integer({ minimum: 0, maximum: mostAdvanceMs })),
    now: Type.Optional(Type.String({ format: 'date-time', maxLength: 40 })),
    frozen: Type.Optional(Type.Boolean()),
  },
  { ...closed, minProperties: 1 },
)

/** PUT /faults. */
export const FaultList = Type.Object(
  {
    faults: Type.Array(
      Type.Object(
        {
          operation: Type.Enum([...operations, '*']),
          kind: Type.Enum([...faultKinds]),
          share: Type.Optional(Share),
          next: Type.Optional(Type.Union([Type.Integer({ minimum: 0 }), Type.Null()])),
          delayMs: Type.Optional(Milliseconds),
        },
        closed,
      ),
      { maxItems: 1_000 },
    ),
  },
  closed,
)

const slow = { slow: Type.Optional(Type.Object({ share: Share, factor: Factor }, closed)) }
const Positive = Type.Integer({ minimum: 1, maximum: mostWaitMs })

/** Of one operation: fixed, or lognormal. Which it is shows in its fields, so that a wrong one is named. */
export const OperationLatency = Type.Object(
  {
    fixedMs: Type.Optional(Milliseconds),
    medianMs: Type.Optional(Positive),
    p99Ms: Type.Optional(Positive),
    maxMs: Type.Optional(Positive),
    ...slow,
  },
  closed,
)

/** PUT /latency: `*` is of the operations that are not named. */
export const LatencyBody = Type.Object(
  {
    latency: Type.Object(
      Object.fromEntries([...operations, '*'].map((name) => [name, Type.Optional(OperationLatency)])),
      closed,
    ),
  },
  closed,
)

/** PUT /brown-out: null switches it off. */
export const BrownOutBody = Type.Object(
  {
    brownOut: Type.Union([
      Type.Null(),
      Type.Object({ everyMs: Period, forMs: Period, factor: Factor, errorShare: Share }, closed),
    ]),
  },
  closed,
)

/** PUT /profile. */
export const ProfileBody = Type.Object({ profile: Type.Enum([...profileNames]) }, closed)
