import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createWorldClock } from './clock.ts'

const noon = Date.parse('2030-01-10T12:00:00Z')
const hour = 3_600_000

describe('the clock of the world', () => {
  let folder: string
  let file: string
  let real: number
  const open = () => createWorldClock({ file, realNow: () => real })

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'fanfare-clock-'))
    file = join(folder, 'data', 'clock.json')
    real = noon
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  test('shows real time, and writes nothing, until it is moved', () => {
    const clock = open()
    real += 5
    expect(clock.now()).toBe(noon + 5)
    expect(clock.isFrozen()).toBe(false)
    expect(clock.movedAt()).toBe(0)
    expect(readdirSync(folder)).toEqual([])
  })

  test('goes on from where it is moved to, also after a restart', () => {
    open().set(noon + hour, false)
    real += 7
    const clock = open()
    expect(clock.now()).toBe(noon + hour + 7)
    expect(clock.movedAt()).toBe(noon)
    expect(existsSync(`${file}.new`)).toBe(false)
  })

  test('stands still where it is frozen, also after a restart, and goes on from there', () => {
    open().set(noon + hour, true)
    real += 2 * hour
    const clock = open()
    expect(clock.now()).toBe(noon + hour)
    expect(clock.isFrozen()).toBe(true)
    clock.set(clock.now(), false)
    real += 3
    expect(clock.now()).toBe(noon + hour + 3)
  })

  test('goes back only to real time, and remembers that it was moved', () => {
    const clock = open()
    clock.set(noon + hour, true)
    expect(() => clock.set(noon + hour - 1, false)).toThrow(/it is 2030-01-10T13:00:00.000Z already/)
    expect(() => clock.set(noon + hour + 0.5, false)).toThrow(RangeError)
    expect(clock.now()).toBe(noon + hour)
    real += 9
    clock.reset()
    expect(clock.now()).toBe(noon + 9)
    expect(open().movedAt()).toBe(noon + 9)
  })

  test.each(['', '{', '[]', 'null', '{"aheadMs":"1","frozenAt":null,"movedAt":0}', '{"aheadMs":1}'])(
    'refuses a file that is no clock, and names it: %s',
    (text) => {
      open().reset()
      writeFileSync(file, text)
      expect(open).toThrow(file)
    },
  )

  test('never runs backwards, however it is moved', () => {
    const move = fc.record({ waits: fc.nat(1000), ahead: fc.nat(10_000), frozen: fc.boolean() })
    fc.assert(
      fc.property(fc.array(move, { maxLength: 20 }), (moves) => {
        real = noon
        const clock = createWorldClock({ file: null, realNow: () => real })
        for (const { waits, ahead, frozen } of moves) {
          const before = clock.now()
          real += waits
          expect(clock.now()).toBe(before + (clock.isFrozen() ? 0 : waits))
          const target = clock.now() + ahead
          clock.set(target, frozen)
          expect(clock.now()).toBe(target)
        }
      }),
    )
  })
})
