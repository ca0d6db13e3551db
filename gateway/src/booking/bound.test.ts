import { expect, test } from 'vitest'
import { createBound } from './bound.ts'

test('what is too much is refused before it begins, and what has ended makes room, however it ended', async () => {
  const bound = createBound(2)
  const gates = [1, 2, 3].map(() => Promise.withResolvers<string>())
  const [one, two] = gates.slice(0, 2).map((gate) => bound.within(() => gate.promise))
  let hasBegun = false
  const begin = async () => {
    hasBegun = true
  }
  await expect(bound.within(begin)).rejects.toMatchObject({ code: 'overloaded', options: { retryAfter: 2 } })
  expect([hasBegun, bound.inProgress()]).toEqual([false, 2])

  gates[0]?.reject(new Error('failed'))
  await expect(one).rejects.toThrow('failed')
  await bound.within(begin)
  gates[1]?.resolve('done')
  expect(await two).toBe('done')
  expect([hasBegun, bound.inProgress()]).toEqual([true, 0])
})
