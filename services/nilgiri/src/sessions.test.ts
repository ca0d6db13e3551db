import { expect, it } from 'vitest'
import { createSessions, idleMinutes } from './sessions.ts'

const minute = 60_000

function open(most?: number) {
  let time = 0
  return {
    sessions: createSessions(() => time, most),
    pass(ms: number) {
      time += ms
    },
  }
}

it('keeps a session as long as it is used, and no longer than its idle time', () => {
  const { sessions, pass } = open()
  const session = sessions.open('AS')
  for (let entry = 0; entry < 5; entry++) {
    pass(idleMinutes * minute - 1)
    expect(sessions.touch(session.token)).toBe(session)
  }
  pass(idleMinutes * minute)
  expect(sessions.touch(session.token)).toBeNull()
  pass(-1)
  expect(sessions.touch(session.token), 'an ended session stays ended').toBeNull()
})

it('knows nobody by a token that it did not give, or took back', () => {
  const { sessions } = open()
  const { token } = sessions.open('AS')
  expect(sessions.touch(`${token}x`)).toBeNull()
  expect(sessions.touch('')).toBeNull()
  sessions.close(token)
  expect(sessions.touch(token)).toBeNull()
})

it('signs off who has been idle longest when there are too many', () => {
  const { sessions } = open(3)
  const [first, second, third] = ['AS', 'AS', 'AS'].map(() => sessions.open('AS').token)
  sessions.touch(first ?? '')
  const fourth = sessions.open('AS').token
  expect(sessions.touch(second ?? '')).toBeNull()
  for (const token of [first, third, fourth]) expect(sessions.touch(token ?? '')).not.toBeNull()
})

it('gives each session a token of its own', () => {
  const { sessions } = open()
  expect(new Set(Array.from({ length: 100 }, () => sessions.open('AS').token)).size).toBe(100)
})
