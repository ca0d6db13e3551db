import { setTimeout as sleep } from 'node:timers/promises'
import { startCluster } from '../../tests/support/cluster.ts'
import { createSystem, type FaultSwitch, type Running, type RunningAirline } from '../../tests/support/system.ts'
import type { Chance } from './chance.ts'

/** The processes that are tortured. */
export interface Stage {
  gateways: readonly Running[]
  airlines: readonly RunningAirline[]
  /** Makes operations go wrong at every airline from now on, also after it was killed. */
  switchFaults(draw: (airline: string) => FaultSwitch[]): Promise<void>
  /** kill -9, and started again after a moment, on the same port and data; a process that is down already is left alone. */
  strike(victim: Running, downForMs: number): Promise<void>
  /** Resolves once whatever was struck is up again. */
  allUp(): Promise<void>
  counts: StageCounts
  /** Kills everything; the data and logs stay where they are to be kept. */
  close(options: { keepData: boolean }): Promise<void>
}

/** What was done to the processes. */
export interface StageCounts {
  /** Times killed, by name. */
  kills: Map<string, number>
  /** Faults that struck, by `airline operation/kind`; a kill may take some that struck just before with it. */
  struck: Map<string, number>
}

/** How the gateways are to run: as in earnest, but in a hurry, so that a recovery takes seconds. */
const haste = {
  BOOKING_DEADLINE_MS: '2500',
  BOOKING_LOOK_UP_MS: '3000',
  BOOKING_ASK_AGAIN_MS: '300',
  BOOKING_LEASE_MS: '1500',
  BOOKING_POLL_MS: '150',
  BOOKING_BACK_OFF_MS: '200',
  BOOKING_BACK_OFF_MOST_MS: '1000',
}

/** Starts two gateways that share the store that `env` names, and every airline of the registry. */
export async function openStage(folder: string, storeEnv: Record<string, string>): Promise<Stage> {
  const system = createSystem(folder)
  const { airlines, gateways } = await startCluster({ ...haste, ...storeEnv }, { system, limits: true })
  const counts: StageCounts = { kills: new Map(), struck: new Map() }
  const down = new Map<Running, Promise<void>>()
  let draw: (airline: string) => FaultSwitch[] = () => []

  async function countStruck(airline: RunningAirline) {
    for (const [name, times] of await airline.struck()) add(counts.struck, `${airline.name} ${name}`, times)
  }

  async function setFaults(airline: RunningAirline) {
    let used: typeof draw
    do {
      used = draw
      await airline.setFaults(used(airline.name))
    } while (used !== draw)
  }

  /** One that is killed meanwhile gets them when it is up again. */
  async function setFaultsUnlessDown(airline: RunningAirline) {
    if (down.has(airline)) return
    try {
      await setFaults(airline)
    } catch (error) {
      if (!down.has(airline)) throw error
    }
  }

  async function killAndStart(victim: Running, downForMs: number) {
    const airline = airlines.find((one) => one === victim)
    if (airline) await countStruck(airline).catch(() => {})
    await victim.kill()
    add(counts.kills, airline ? victim.name : `gateway ${gateways.indexOf(victim) + 1}`, 1)
    await sleep(downForMs)
    await victim.restart()
    if (airline) await setFaults(airline)
  }

  return {
    gateways,
    airlines,
    counts,
    async switchFaults(newDraw) {
      draw = newDraw
      await Promise.all(airlines.map(setFaultsUnlessDown))
    },
    async strike(victim, downForMs) {
      if (down.has(victim)) return
      const back = killAndStart(victim, downForMs).finally(() => down.delete(victim))
      down.set(victim, back)
      await back
    },
    async allUp() {
      await Promise.all(down.values())
    },
    async close(options) {
      await Promise.allSettled(airlines.map(countStruck))
      await Promise.allSettled(down.values())
      await system.close(options)
    },
  }
}

const operations = ['hold', 'purchase', 'pay', 'cancel'] as const
const kinds = ['reset', 'lost_answer', 'error', 'error_after', 'late', 'done_later'] as const

/** Longest that a lost request is done later: by then no gateway may have taken it as never made. */
const latestMs = 1_200

/** Switches for everything that changes an airline and each kind, each of a modest share. */
export function drawFaults(chance: Chance): FaultSwitch[] {
  return operations.flatMap((operation) =>
    kinds.map((kind) => {
      const delayMs = chance.integer(100, kind === 'done_later' ? latestMs : 4_000)
      return { operation, kind, share: 0.08 * chance.share(), delayMs }
    }),
  )
}

/** Adds to a count. */
export function add(counts: Map<string, number>, name: string, times: number): void {
  counts.set(name, (counts.get(name) ?? 0) + times)
}
