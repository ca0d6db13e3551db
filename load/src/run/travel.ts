import { setMaxListeners } from 'node:events'
import { runJourney, type Step, type Surroundings, type Verdict, type Witness } from '../journey/journey.ts'
import type { JourneyPlan } from '../plan/journey-plan.ts'
import type { Meter } from './meter.ts'
import type { Pace } from './pace.ts'
import type { Sender } from './sender.ts'

/** What journeys are lived with. */
export interface TravelOptions {
  pace: Pace
  meter: Meter
  sender: Sender
  surroundings: Surroundings
  /** Is told of every booking that an answer shows. */
  saw: Witness['saw']
  /** Ends the beginning of journeys; those under way go on. */
  signal: AbortSignal
}

/** Journeys under way. */
export interface Travel {
  /** Resolves once the last has begun, with false; with true where the signal came first. */
  started: Promise<boolean>
  /** Resolves once none is under way. */
  finished(): Promise<void>
  /** Ends those that are thinking, as unfinished. */
  stop(): void
}

/** Begins each journey when it is due, whatever became of those before it. */
export function startJourneys(
  plans: Iterable<JourneyPlan>,
  { pace, meter, sender, surroundings, saw, signal }: TravelOptions,
): Travel {
  const open = new Set<Promise<void>>()
  const stopping = new AbortController()
  const stopped = stopping.signal
  // Every journey that thinks waits on it.
  setMaxListeners(0, stopped)

  async function live(plan: JourneyPlan) {
    let intendedMs = plan.atMs
    const witness: Witness = {
      judged: (step: Step, verdict: Verdict) => meter.judged(step, verdict, intendedMs),
      searched: (result) => meter.searched(result, plan.atMs),
      saw,
    }
    const journey = runJourney(plan, surroundings, witness)
    let next = journey.next()
    while (next.done !== true) {
      if (!(await pace.until(intendedMs, stopped))) {
        meter.due(next.value.step, intendedMs)
        meter.unanswered(next.value.step, 'unfinished', intendedMs, 0)
        return
      }
      const reply = await sender.send(next.value, intendedMs)
      const askedMs = intendedMs
      next = journey.next(reply)
      if (next.done !== true) intendedMs = Math.max(askedMs, pace.now()) + next.value.thinkMs
    }
  }

  const started = (async () => {
    for (const plan of plans) {
      if (!(await pace.until(plan.atMs, signal))) return true
      const journey: Promise<void> = live(plan).finally(() => open.delete(journey))
      open.add(journey)
    }
    return false
  })()

  return {
    started,
    finished: async () => {
      while (open.size > 0) await Promise.all(open)
    },
    stop: () => stopping.abort(),
  }
}
