import { expect, test } from 'vitest'
import { createRecall } from './recall.ts'

test('reads the same bytes to the same question once, and anything else anew', () => {
  let reads = 0
  const recall = createRecall((bytes) => {
    reads++
    return { text: bytes.toString() }
  })
  const first = recall('q', Buffer.from('one'))
  expect(recall('q', Buffer.from('one'))).toBe(first)
  expect(recall('other', Buffer.from('one'))).not.toBe(first)
  expect(reads).toBe(2)
  expect(recall('q', Buffer.from('two')).text).toBe('two')
  expect(recall('q', Buffer.from('one')).text).toBe('one')
  expect(reads).toBe(4)
})

test('remembers nothing of an answer that could not be read', () => {
  let fails = true
  const recall = createRecall((bytes) => {
    if (fails) throw new Error('unreadable')
    return bytes.length
  })
  expect(() => recall('q', Buffer.from('x'))).toThrow('unreadable')
  fails = false
  expect(recall('q', Buffer.from('x'))).toBe(1)
})
