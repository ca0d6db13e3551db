import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { AirlineError } from '../../upstream/airline-error.ts'
import { createSessions, SessionOver } from './sessions.ts'

const never = new AbortController().signal

/** Sessions S1, S2, … whose logons wait for `letIn` once `gate` is shut. */
function open() {
  const clock = { time: 0 }
  const logons = { begun: 0, most: 0, underway: 0 }
  let gate: Promise<void> = Promise.resolve()
  const sessions = createSessions({ now: () => clock.time }, async (signal) => {
    const number = ++logons.begun
    logons.underway++
    logons.most = Math.max(logons.most, logons.underway)
    try {
      await gate
      if (signal.aborted) throw new AirlineError('nilgiri', 'timeout', 'aborted')
      return `S${number}`
    } finally {
      logons.underway--
    }
  })
  return {
    sessions,
    clock,
    logons,
    shut() {
      const { promise, resolve } = Promise.withResolvers<void>()
      gate = promise
      return resolve
    },
  }
}

async function settle() {
  for (let turn = 0; turn < 20; turn++) await nextTurn()
}

it('are used again, one conversation after the other', async () => {
  const { sessions, logons } = open()
  for (let time = 0; time < 5; time++) expect(await sessions.converse(never, async (session) => session)).toBe('S1')
  expect(logons.begun).toBe(1)
})

it('are never shared, however many converse at once, nor are there more than 24', async () => {
  const { sessions } = open()
  const talking = new Set<string>()
  let most = 0
  await Promise.all(
    Array.from({ length: 200 }, () =>
      sessions.converse(never, async (session) => {
        expect(talking.has(session)).toBe(false)
        talking.add(session)
        most = Math.max(most, talking.size)
        await nextTurn()
        talking.delete(session)
      }),
    ),
  )
  expect(most).toBe(24)
})

it('are begun three at a time when a hundred ask at once, and no more than are needed', async () => {
  const { sessions, logons, shut } = open()
  const letIn = shut()
  const all = Promise.all(Array.from({ length: 100 }, () => sessions.converse(never, async () => {})))
  await settle()
  expect(logons).toEqual({ begun: 3, most: 3, underway: 3 })
  letIn()
  await all
  expect(logons.most).toBe(3)
  expect(logons.begun).toBeLessThanOrEqual(24)
})

it('are dropped after a failure', async () => {
  const { sessions } = open()
  await expect(
    sessions.converse(never, async () => {
      throw new Error('lost')
    }),
  ).rejects.toThrow('lost')
  expect(await sessions.converse(never, async (session) => session)).toBe('S2')
})

it('that have ended are replaced once, by a new one and not by one that may have ended too', async () => {
  const { sessions, logons } = open()
  const one = Promise.withResolvers<void>()
  const idle = [sessions.converse(never, () => one.promise), sessions.converse(never, () => one.promise)]
  await settle()
  one.resolve()
  await Promise.all(idle)
  expect(logons.begun).toBe(2)

  const tried: string[] = []
  const answer = await sessions.converse(never, async (session) => {
    tried.push(session)
    if (tried.length === 1) throw new SessionOver()
    return 'done'
  })
  expect([answer, tried]).toEqual(['done', ['S2', 'S3']])

  await expect(
    sessions.converse(never, async () => {
      throw new SessionOver()
    }),
  ).rejects.toBeInstanceOf(SessionOver)
})

it('that have been idle for nine minutes are not used', async () => {
  const { sessions, clock } = open()
  const name = () => sessions.converse(never, async (session) => session)
  await name()
  clock.time += 9 * 60_000 - 1
  expect(await name()).toBe('S1')
  clock.time += 9 * 60_000
  expect(await name()).toBe('S2')
})

it('leave who gives up while waiting, and serve the others', async () => {
  const { sessions } = open()
  const busy = Promise.withResolvers<void>()
  const talking = Array.from({ length: 24 }, () => sessions.converse(never, () => busy.promise))
  const hurried = new AbortController()
  const late = sessions.converse(hurried.signal, async () => 'late').catch((error: unknown) => error)
  const patient = sessions.converse(never, async () => 'patient')
  await settle()
  hurried.abort()
  expect(await late).toMatchObject({ airline: 'nilgiri', kind: 'timeout' })
  busy.resolve()
  expect(await patient).toBe('patient')
  await Promise.all(talking)
  let together = 0
  const all = Promise.withResolvers<void>()
  const again = Array.from({ length: 24 }, () =>
    sessions.converse(never, () => {
      if (++together === 24) all.resolve()
      return all.promise
    }),
  )
  await Promise.all(again)
  const gone = sessions.converse(AbortSignal.abort(), async () => 'gone').catch((error: unknown) => error)
  expect(await gone).toMatchObject({ kind: 'timeout' })
})

it('free their place whatever becomes of the conversation or the logon', async () => {
  let fails = true
  const sessions = createSessions({ now: () => 0 }, async () => {
    if (fails) throw new AirlineError('nilgiri', 'unavailable', 'no logon')
    return 'S'
  })
  const failed = await Promise.allSettled(Array.from({ length: 100 }, () => sessions.converse(never, async () => {})))
  expect(new Set(failed.map(({ status }) => status))).toEqual(new Set(['rejected']))
  fails = false
  const answers = Array.from({ length: 100 }, () => sessions.converse(never, async (session) => session))
  expect(new Set(await Promise.all(answers))).toEqual(new Set(['S']))
})
