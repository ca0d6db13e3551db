import { setTimeout as sleep } from 'node:timers/promises'
import type { Scenario, ScenarioState } from '../gateway/src/schemas/simulation.ts'

/** A scenario to be played by a gateway, and how to tell of it. */
export interface Show {
  /** Of the gateway. */
  url: string
  /** Of its control plane. */
  token: string
  scenario: Scenario
  /** Aborts when nobody wants to see it any more. */
  signal: AbortSignal
  say: (name: string, line: string) => void
}

const lookEveryMs = 200
const answersWithinMs = 20_000

/** Plays the scenario and says what happens as it happens. Resolves once it is over; never rejects. */
export async function showScenario({ url, token, scenario, signal, say }: Show): Promise<void> {
  const call = async (method: string, body?: Scenario): Promise<ScenarioState> => {
    const response = await fetch(`${url}/_sim/scenario`, {
      method,
      signal: AbortSignal.any([signal, AbortSignal.timeout(answersWithinMs)]),
      headers: { 'fanfare-sim-token': token, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    })
    if (!response.ok) throw new Error(`the gateway answered ${response.status}: ${await response.text()}`)
    const state: ScenarioState = JSON.parse(await response.text())
    return state
  }
  const tell = (line: string) => say('scenario', line)
  try {
    let told = 0
    tell(`"${scenario.name}" begins: ${url}/_sim/scenario tells how far it is`)
    let state = await call('PUT', scenario)
    for (;;) {
      for (const { atMs, airline, event, what, error } of state.done.slice(told)) {
        const whose = airline === '*' ? 'every airline' : airline
        tell(
          `${(atMs / 1000).toFixed(1).padStart(6)} s  ${whose}: ${what} ${event}${error === null ? '' : ` (FAILED: ${error})`}`,
        )
      }
      told = state.done.length
      if (state.status !== 'playing' || state.name !== scenario.name) break
      await sleep(lookEveryMs, undefined, { signal })
      state = await call('GET')
    }
    tell(state.status === 'done' ? 'is over' : 'was stopped')
  } catch (error) {
    if (!signal.aborted) tell(`cannot be shown any more: ${error instanceof Error ? error.message : String(error)}`)
  }
}
