import type { DatabaseSync } from 'node:sqlite'
import type { Clock } from '../clock.ts'
import { integer, integerOrNull } from './rows.ts'

/**
 * The same clock, which takes up where the database says that it was and writes down each move: what has lapsed stays
 * lapsed after a restart. A move is on the disk before it is made.
 */
export function keepClock(database: DatabaseSync, clock: Clock): Clock {
  const select = database.prepare('select offset_ms, frozen_at from moved_clock')
  const save = database.prepare(`
    insert into moved_clock (id, offset_ms, frozen_at) values (1, ?, ?)
    on conflict (id) do update set offset_ms = excluded.offset_ms, frozen_at = excluded.frozen_at
  `)
  const forget = database.prepare('delete from moved_clock')

  const row = select.get()
  if (row !== undefined) {
    clock.restore({ offsetMs: integer(row, 'offset_ms'), frozenAt: integerOrNull(row, 'frozen_at') })
  }

  /** Undone where it cannot be written down. */
  function kept(move: () => void): void {
    const before = clock.state()
    move()
    const { offsetMs, frozenAt } = clock.state()
    try {
      save.run(offsetMs, frozenAt)
    } catch (error) {
      clock.restore(before)
      throw error
    }
  }

  return {
    ...clock,
    advance: (ms) => kept(() => clock.advance(ms)),
    freeze: (frozen) => kept(() => clock.freeze(frozen)),
    restore: (state) => kept(() => clock.restore(state)),
    reset() {
      forget.run()
      clock.reset()
    },
  }
}
