import { expect, test, vi } from 'vitest'
import { createMalformedLog } from './malformed-log.ts'

test('says it once in ten seconds, and then how often it was not said', () => {
  const warn = vi.fn()
  let time = 0
  const say = createMalformedLog('alpha', { warn }, () => time)
  const error = new Error('no price')
  say('search', error)
  for (let n = 0; n < 500; n++) say('price', error)
  time = 9_999
  say('price', error)
  expect(warn.mock.calls).toEqual([
    [{ err: error, airline: 'alpha', operation: 'search', passedOver: 0 }, expect.any(String)],
  ])
  time = 10_000
  say('baggage', error)
  expect(warn).toHaveBeenLastCalledWith(
    expect.objectContaining({ operation: 'baggage', passedOver: 501 }),
    expect.any(String),
  )
  time = 20_000
  say('baggage', error)
  expect(warn).toHaveBeenLastCalledWith(expect.objectContaining({ passedOver: 0 }), expect.any(String))
})
