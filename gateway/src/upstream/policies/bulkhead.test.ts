import { expect, test } from 'vitest'
import { createBulkhead } from './bulkhead.ts'
import { createAirline, failure, follow, never } from './testing.ts'

const turn = () => new Promise((resolve) => setImmediate(resolve))

test('lets so many through at once, the others in the order they came', async () => {
  const { policy } = createBulkhead('alpha', { atOnce: 2, waiting: 2 })
  const { calls, send } = createAirline()
  const results = [1, 2, 3, 4].map(() => follow(policy(send, never)))
  await turn()
  expect(calls).toHaveLength(2)
  calls[1]?.answer('second')
  await turn()
  expect([calls.length, results[1]?.result]).toEqual([3, 'second'])
  calls[0]?.fail(failure('unavailable'))
  await turn()
  calls[3]?.answer('fourth')
  calls[2]?.answer('third')
  await turn()
  expect(results.slice(2).map(({ result }) => result)).toEqual(['third', 'fourth'])
})

test('sends nothing of what is too much, and says so at once', async () => {
  const { policy } = createBulkhead('alpha', { atOnce: 1, waiting: 1 })
  const { calls, send } = createAirline()
  void policy(send, never)
  void policy(send, never)
  await expect(policy(send, never)).rejects.toMatchObject({ kind: 'busy', airline: 'alpha', isRetryable: false })
  expect(calls).toHaveLength(1)
})

test('who leaves the queue makes room in it, and was never sent', async () => {
  const { policy } = createBulkhead('alpha', { atOnce: 1, waiting: 1 })
  const { calls, send } = createAirline()
  const leaving = new AbortController()
  void policy(send, never)
  const left = follow(policy(send, leaving.signal))
  leaving.abort()
  await turn()
  expect(left.result).toMatchObject({ kind: 'busy' })
  const next = follow(policy(send, never))
  calls[0]?.answer('first')
  await turn()
  calls[1]?.answer('next')
  await turn()
  expect([calls.length, next.result]).toEqual([2, 'next'])
})

test('gives a free place only while there is one, and takes it back', async () => {
  const { policy, takeFree } = createBulkhead('alpha', { atOnce: 2, waiting: 1 })
  const { calls, send } = createAirline()
  const leave = takeFree()
  void policy(send, never)
  expect(takeFree()).toBeNull()
  void policy(send, never)
  expect(calls).toHaveLength(1)
  leave?.()
  await turn()
  expect(calls).toHaveLength(2)
  expect(takeFree()).toBeNull()
})
