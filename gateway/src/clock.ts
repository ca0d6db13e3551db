import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * The time of the simulated world, which can be moved. It belongs to what is in the world: departures, the expiry of
 * offers, the time to pay of holds, the history of bookings. Whatever the gateway waits for or measures goes by real time.
 */
export interface WorldClock {
  /** Milliseconds since the epoch. */
  now(): number
  /** Whether it stands still. */
  isFrozen(): boolean
  /** When it was last moved or frozen, in real milliseconds since the epoch; 0: never. What was cached before is of another time. */
  movedAt(): number
  /** Moves it to an instant, to stand still there or to go on from there. Throws RangeError for one before the present. */
  set(epochMs: number, frozen: boolean): void
  /** Back to real time. */
  reset(): void
}

/** What a clock is made from. */
export interface WorldClockOptions {
  /** Where a moved clock is kept over restarts; null: it is not. */
  file: string | null
  /** Real milliseconds since the epoch. */
  realNow?: () => number
}

/** How far the world's time is from real time. */
interface Setting {
  /** Milliseconds that the world is ahead while it runs. */
  aheadMs: number
  /** Where it stands still, milliseconds since the epoch; null: it runs. */
  frozenAt: number | null
  /** Real milliseconds since the epoch. */
  movedAt: number
}

const unmoved: Setting = { aheadMs: 0, frozenAt: null, movedAt: 0 }

/**
 * A clock that shows real time until it is moved. Reads how it was left from its file; throws Error, naming the file, where
 * that cannot be read as one.
 */
export function createWorldClock({ file, realNow = Date.now }: WorldClockOptions): WorldClock {
  let setting = file === null ? unmoved : readSetting(file)
  const now = () => setting.frozenAt ?? realNow() + setting.aheadMs

  function change(next: Omit<Setting, 'movedAt'>): void {
    const changed = { ...next, movedAt: realNow() }
    if (file !== null) writeSetting(file, changed)
    setting = changed
  }

  return {
    now,
    isFrozen: () => setting.frozenAt !== null,
    movedAt: () => setting.movedAt,
    set(epochMs, frozen) {
      if (!Number.isSafeInteger(epochMs) || epochMs < now()) {
        throw new RangeError(`the clock only moves forward: it is ${new Date(now()).toISOString()} already`)
      }
      change({ aheadMs: epochMs - realNow(), frozenAt: frozen ? epochMs : null })
    },
    reset: () => change({ aheadMs: 0, frozenAt: null }),
  }
}

function readSetting(file: string): Setting {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return unmoved
    throw error
  }
  const setting = parseSetting(text)
  if (setting === null) throw new Error(`${file} is not a clock that Fanfare has written; remove it to go by real time`)
  return setting
}

function parseSetting(text: string): Setting | null {
  try {
    const { aheadMs, frozenAt, movedAt }: Record<string, unknown> = JSON.parse(text)
    const isSetting = typeof aheadMs === 'number' && typeof movedAt === 'number'
    if (!isSetting || (frozenAt !== null && typeof frozenAt !== 'number')) return null
    return { aheadMs, frozenAt, movedAt }
  } catch {
    return null
  }
}

/** Whole or not at all, whenever the process ends. */
function writeSetting(file: string, setting: Setting): void {
  mkdirSync(dirname(file), { recursive: true })
  const draft = `${file}.new`
  writeFileSync(draft, `${JSON.stringify(setting)}\n`)
  renameSync(draft, file)
}
