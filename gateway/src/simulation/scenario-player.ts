import type { FaultSwitch, Scenario, ScenarioEvent, ScenarioState, ScenarioStep } from '../schemas/simulation.ts'
import { type AirlineControl, ControlFailure } from './airline-control.ts'
import { durationMs } from './scenario.ts'
import { type Settings, settingsUnder, wordsOf } from './settings.ts'

/** Plays scenarios, one at a time, in real time. */
export interface ScenarioPlayer {
  /** Stops what is playing and begins this one. */
  play(scenario: Scenario): Promise<ScenarioState>
  /** Ends what is playing or was played, and gives every airline back the settings that it had before. */
  stop(): Promise<ScenarioState>
  state(): ScenarioState
}

/** A moment of the timeline. */
interface Moment {
  atMs: number
  events: { place: number; step: ScenarioStep; event: ScenarioEvent['event'] }[]
}

/** An airline during a scenario. */
interface Stage {
  control: AirlineControl
  /** How it was before the scenario; null: not known yet. */
  before: Settings | null
  /** The settings of the profile that a step has chosen; null: none has. */
  profile: Settings | null
  /** The switches that were last set. */
  switches: readonly FaultSwitch[]
}

interface Performance {
  scenario: Scenario
  moments: Moment[]
  stages: ReadonlyMap<string, Stage>
  /** By place in the scenario. */
  active: Map<number, ScenarioStep>
  startedAt: number
  endedAt: number | null
  status: Exclude<ScenarioState['status'], 'idle'>
  done: ScenarioEvent[]
}

/** Makes a player for these airlines, by name. */
export function createScenarioPlayer(controls: ReadonlyMap<string, AirlineControl>): ScenarioPlayer {
  let current: Performance | null = null
  let cancelNext = () => {}
  /** One thing after the other, however long an airline takes to answer. */
  let working: Promise<unknown> = Promise.resolve()

  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = working.then(work)
    working = done.catch(() => {})
    return done
  }

  async function begin(scenario: Scenario): Promise<void> {
    await end()
    const stages = new Map(
      [...controls]
        .filter(([airline]) => scenario.steps.some((step) => concerns(step, airline)))
        .map(([airline, control]): [string, Stage] => [
          airline,
          { control, before: null, profile: null, switches: [] },
        ]),
    )
    const play: Performance = {
      scenario,
      moments: momentsOf(structuredClone(scenario)),
      stages,
      active: new Map(),
      startedAt: performance.now(),
      endedAt: null,
      status: 'playing',
      done: [],
    }
    current = play
    await goOn(play)
  }

  /** Plays the next moment where its time has come, and sees to the one after it. */
  async function goOn(play: Performance): Promise<void> {
    if (play !== current || play.status !== 'playing') return
    const [first] = play.moments
    if (first && dueInMs(play, first) <= 0) {
      play.moments.shift()
      await happen(play, first)
    }
    const [next] = play.moments
    if (!next) {
      play.status = 'done'
      play.endedAt = performance.now()
      return
    }
    const timer = setTimeout(() => void inTurn(() => goOn(play)), Math.max(0, dueInMs(play, next)))
    timer.unref()
    cancelNext = () => clearTimeout(timer)
  }

  async function happen(play: Performance, { atMs, events }: Moment): Promise<void> {
    for (const { place, step, event } of events) {
      if (event === 'begins') play.active.set(place, step)
      else play.active.delete(place)
    }
    const concerned = [...play.stages].filter(([airline]) => events.some(({ step }) => concerns(step, airline)))
    const failures = new Map<string, string>()
    await Promise.all(
      concerned.map(async ([airline, stage]) => {
        const steps = [...play.active].sort(([a], [b]) => a - b).map(([, step]) => step)
        const failure = await failureOf(() =>
          apply(
            stage,
            steps.filter((step) => concerns(step, airline)),
          ),
        )
        if (failure !== null) failures.set(airline, `${airline} ${failure}`)
      }),
    )
    for (const { step, event } of events) {
      const errors = [...failures].filter(([airline]) => concerns(step, airline)).map(([, failure]) => failure)
      const error = errors.length === 0 ? null : errors.join('; ')
      play.done.push({ atMs, airline: step.airline, event, what: wordsOf(step), error })
    }
  }

  async function end(): Promise<void> {
    cancelNext()
    const play = current
    if (!play || play.status === 'stopped') return
    play.status = 'stopped'
    play.endedAt ??= performance.now()
    await Promise.all(
      [...play.stages].map(async ([airline, stage]) => {
        if (stage.before === null) return
        const failure = await failureOf(() => apply(stage, []))
        if (failure === null) return
        const atMs = Math.round(performance.now() - play.startedAt)
        const what = 'the scenario is stopped'
        play.done.push({ atMs, airline, event: 'ends', what, error: `${airline} ${failure}` })
      }),
    )
  }

  function state(): ScenarioState {
    if (current === null) return { status: 'idle', name: null, elapsedMs: 0, lengthMs: 0, done: [], next: null }
    const { scenario, status, startedAt, endedAt, done, moments } = current
    const [next] = status === 'playing' ? moments : []
    const [first] = next?.events ?? []
    return {
      status,
      name: scenario.name,
      elapsedMs: Math.round((endedAt ?? performance.now()) - startedAt),
      lengthMs: momentsOf(scenario).at(-1)?.atMs ?? 0,
      done: [...done],
      next:
        next && first
          ? { atMs: next.atMs, airline: first.step.airline, event: first.event, what: wordsOf(first.step), error: null }
          : null,
    }
  }

  return {
    play: (scenario) =>
      inTurn(async () => {
        await begin(scenario)
        return state()
      }),
    stop: () =>
      inTurn(async () => {
        await end()
        return state()
      }),
    state,
  }
}

function dueInMs({ startedAt }: Performance, { atMs }: Moment): number {
  return startedAt + atMs - performance.now()
}

function concerns({ airline }: ScenarioStep, name: string): boolean {
  return airline === '*' || airline === name
}

/** What begins and ends when; what ends goes first. */
function momentsOf({ steps }: Scenario): Moment[] {
  const events = steps.flatMap((step, place) => {
    const atMs = durationMs(step.at)
    const begins = { atMs, place, step, event: 'begins' as const }
    return step.for === undefined
      ? [begins]
      : [begins, { ...begins, atMs: atMs + durationMs(step.for), event: 'ends' as const }]
  })
  return [...Map.groupBy(events, ({ atMs }) => atMs)]
    .sort(([a], [b]) => a - b)
    .map(([atMs, all]) => ({
      atMs,
      events: all.toSorted((a, b) => (a.event === b.event ? a.place - b.place : a.event === 'ends' ? -1 : 1)),
    }))
}

/** Why it failed, for a person to read; null: it did not. Throws what is no ControlFailure. */
async function failureOf(work: () => Promise<void>): Promise<string | null> {
  try {
    await work()
    return null
  } catch (error) {
    if (error instanceof ControlFailure) return error.message
    throw error
  }
}

async function settingsOf(control: AirlineControl): Promise<Settings> {
  const [profile, latency, { faults }, brownOut] = await Promise.all([
    control.profile(),
    control.latency(),
    control.faults(),
    control.brownOut(),
  ])
  return { profile, latency, faults, brownOut }
}

/** Sets what holds under these steps. Throws ControlFailure. */
async function apply(stage: Stage, steps: readonly ScenarioStep[]): Promise<void> {
  const { control } = stage
  let has = await settingsOf(control)
  takeOverRemaining(stage.switches, has.faults)
  stage.before ??= has
  const chosen = steps.findLast((step) => step.profile)?.profile ?? null
  const profile = chosen ?? stage.before.profile
  if (profile !== has.profile || (chosen !== null && chosen !== stage.profile?.profile)) {
    await control.setProfile(profile)
    has = await settingsOf(control)
    stage.profile = chosen === null ? null : has
  }
  const wanted = settingsUnder((chosen === null ? null : stage.profile) ?? stage.before, steps)
  if (!isSame(wanted.latency, has.latency)) await control.setLatency(wanted.latency)
  if (!isSame(wanted.brownOut, has.brownOut)) await control.setBrownOut(wanted.brownOut)
  stage.switches = wanted.faults
  if (!isSame(wanted.faults.map(fieldsOf), has.faults.map(fieldsOf))) await control.setFaults(wanted.faults)
}

/** A switch that was to strike so many requests strikes no more than what is left of them, however often it is set again. */
function takeOverRemaining(switches: readonly FaultSwitch[], now: readonly FaultSwitch[]): void {
  const isOurs =
    switches.length === now.length &&
    switches.every(({ kind, operation }, place) => {
      const other = now[place]
      return other?.kind === kind && other.operation === operation
    })
  if (!isOurs) return
  for (const [place, one] of switches.entries()) one.next = now[place]?.next ?? null
}

function fieldsOf({ operation, kind, share, next, delayMs }: FaultSwitch): unknown[] {
  return [operation, kind, share, next, delayMs]
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}
