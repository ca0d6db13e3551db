import type { WorldClock } from '../clock.ts'
import { FanfareError } from '../errors.ts'
import type {
  BrownOut,
  ClockMove,
  FaultSwitch,
  LatencyTable,
  ProfileName,
  WorldAudit,
  WorldBrownOut,
  WorldFaults,
  WorldLatency,
  WorldProfile,
  WorldStatistics,
  WorldTime,
} from '../schemas/simulation.ts'
import { type AirlineControl, type Answers, askEach } from './airline-control.ts'
import { checkBrownOut, checkLatency } from './checks.ts'

/** The whole simulated system: this gateway and its airlines. What an airline did not answer to is named in `failed`. */
export interface World {
  time(): Promise<WorldTime>
  /**
   * Moves every clock to one instant: the one that is asked for, or the latest that any of them shows already, since none goes
   * back. Throws invalid_request for an instant before the gateway's present, or where it is named twice.
   */
  moveClock(move: ClockMove): Promise<WorldTime>
  faults(): Promise<WorldFaults>
  /** Throws unknown_airline, as the others below do. */
  setFaults(chosen: ByAirline<FaultSwitch[]>): Promise<WorldFaults>
  latency(): Promise<WorldLatency>
  /** Throws invalid_request where a latency is neither fixed nor lognormal. */
  setLatency(chosen: ByAirline<LatencyTable>): Promise<WorldLatency>
  brownOut(): Promise<WorldBrownOut>
  /** Throws invalid_request for one that lasts longer than from one to the next. */
  setBrownOut(chosen: ByAirline<BrownOut | null>): Promise<WorldBrownOut>
  profile(): Promise<WorldProfile>
  setProfile(chosen: ByAirline<ProfileName>): Promise<WorldProfile>
  statistics(): Promise<WorldStatistics>
  audit(): Promise<WorldAudit>
  /** Airlines as on a fresh database, clocks at real time, the gateway's cache empty; its bookings stay unless asked for. */
  reset(options: { bookings: boolean }): Promise<WorldTime>
}

/** A setting by airline; `*`: of those that are not named. */
type ByAirline<T> = Readonly<Record<string, T>>

/** What the world is made from. */
export interface WorldOptions {
  /** Of every airline, by name. */
  controls: ReadonlyMap<string, AirlineControl>
  /** The gateway's. */
  clock: WorldClock
  /** Forgets what the gateway has cached. */
  forgetAnswers: () => void
  /** Forgets the gateway's bookings. */
  forgetBookings: () => Promise<void>
}

const mostAheadMs = 10 * 365 * 86_400_000

/** Puts the control planes of the airlines behind one front. */
export function createWorld({ controls, clock, forgetAnswers, forgetBookings }: WorldOptions): World {
  /** One move or reset after the other: two that mingle would leave clocks apart. */
  let moving: Promise<unknown> = Promise.resolve()

  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = moving.then(work)
    moving = done.catch(() => {})
    return done
  }

  const every = <T>(ask: (control: AirlineControl) => Promise<T>) => askEach(controls, ask)

  const withOwn = (airlines: WorldTime['airlines'], failed: WorldTime['failed']): WorldTime => ({
    now: new Date(clock.now()).toISOString(),
    epochMs: clock.now(),
    frozen: clock.isFrozen(),
    complete: failed.length === 0,
    airlines,
    failed,
  })

  async function time(): Promise<WorldTime> {
    const { airlines, failed } = await every((control) => control.time())
    return withOwn(airlines, failed)
  }

  async function moveClock({ advanceMs, now, frozen }: ClockMove): Promise<WorldTime> {
    const present = clock.now()
    const wanted = now === undefined ? present + (advanceMs ?? 0) : Date.parse(now)
    if (now !== undefined && advanceMs !== undefined) throw wrong('/now', 'cannot be given together with advanceMs')
    if (Number.isNaN(wanted)) throw wrong('/now', 'is no moment of the calendar')
    if (wanted < present) throw wrong('/now', `is before the present, ${new Date(present).toISOString()}`)
    if (wanted - present > mostAheadMs) throw wrong('/now', 'is more than ten years ahead')
    const standsStill = frozen ?? clock.isFrozen()
    // All stand still before they are moved: otherwise the first would run ahead while the last is asked.
    const stopped = await every((control) => control.setTime({ frozen: true }))
    const times = Object.values(stopped.airlines).map(({ epochMs }) => epochMs)
    const target = Math.max(wanted, clock.now(), ...times)
    clock.set(target, standsStill)
    const { airlines, failed } = await every((control) => control.setTime({ epochMs: target, frozen: standsStill }))
    return withOwn(airlines, failed)
  }

  /** Sets what is chosen at whom it is chosen for, and gives what every airline then has. */
  async function set<T, R>(
    chosen: ByAirline<T>,
    put: (control: AirlineControl, value: T) => Promise<R>,
    get: (control: AirlineControl) => Promise<R>,
  ): Promise<Answers<R>> {
    for (const name of Object.keys(chosen)) if (name !== '*') checkName(name)
    return askEach(controls, (control, airline) => {
      const value = Object.hasOwn(chosen, airline) ? chosen[airline] : chosen['*']
      return value === undefined ? get(control) : put(control, value)
    })
  }

  function checkName(name: string): void {
    if (controls.has(name)) return
    const known = [...controls.keys()].join(', ')
    throw new FanfareError('unknown_airline', `No airline is called ${name}; these are: ${known}`, {
      errors: [{ path: `/${name}`, message: 'is no airline' }],
    })
  }

  return {
    time,
    moveClock: (move) => inTurn(() => moveClock(move)),

    faults: () => every((control) => control.faults()),
    setFaults: (chosen) =>
      set(
        chosen,
        (control, value) => control.setFaults(value),
        (control) => control.faults(),
      ),

    latency: () => every((control) => control.latency()),
    async setLatency(chosen) {
      for (const [airline, table] of Object.entries(chosen)) throwFirst(checkLatency(table, `/${airline}`))
      return set(
        chosen,
        (control, value) => control.setLatency(value),
        (control) => control.latency(),
      )
    },

    brownOut: () => every((control) => control.brownOut()),
    async setBrownOut(chosen) {
      for (const [airline, one] of Object.entries(chosen)) throwFirst(checkBrownOut(one, `/${airline}`))
      return set(
        chosen,
        (control, value) => control.setBrownOut(value),
        (control) => control.brownOut(),
      )
    },

    profile: () => every((control) => control.profile()),
    setProfile: (chosen) =>
      set(
        chosen,
        (control, value) => control.setProfile(value),
        (control) => control.profile(),
      ),

    statistics: () => every((control) => control.statistics()),

    async audit() {
      const answers = await every((control) => control.audit())
      const holds = answers.complete && Object.values(answers.airlines).every((audit) => audit.holds)
      return { holds, ...answers }
    },

    reset: ({ bookings }) =>
      inTurn(async () => {
        // The gateway's first: whatever still works on a booking then finds that it is gone, and asks for nothing more.
        if (bookings) await forgetBookings()
        const reset = await every((control) => control.reset())
        clock.reset()
        forgetAnswers()
        const { airlines, failed } = await every((control) => control.time())
        const isMissing = (airline: string) => reset.failed.some((one) => one.airline === airline)
        return withOwn(Object.fromEntries(Object.entries(airlines).filter(([airline]) => !isMissing(airline))), [
          ...reset.failed,
          ...failed.filter(({ airline }) => !isMissing(airline)),
        ])
      }),
  }
}

function wrong(path: string, message: string): FanfareError {
  return new FanfareError('invalid_request', `${path.slice(1)} ${message}`, { errors: [{ path, message }] })
}

function throwFirst(errors: readonly { path: string; message: string }[]): void {
  const [first] = errors
  if (first) throw new FanfareError('invalid_request', `${first.path} ${first.message}`, { errors: [...errors] })
}
