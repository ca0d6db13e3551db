import { expect, test } from 'vitest'
import { createRecall } from './recall.ts'

test('reads what comes again twice, and not once more; anything else anew', () => {
  let reads = 0
  const recall = createRecall((bytes) => {
    reads++
    return { text: bytes.toString() }
  })
  const ask = (question: string, text: string) => recall(question, Buffer.from(text))
  const first = ask('q', 'one')
  const second = ask('q', 'one')
  expect(second).not.toBe(first)
  expect(ask('q', 'one')).toBe(second)
  expect(ask('q', 'one')).toBe(second)
  expect(reads).toBe(2)
  expect(ask('other', 'one')).not.toBe(second)
  expect(ask('q', 'two').text).toBe('two')
  expect(ask('q', 'one').text).toBe('one')
  expect(reads).toBe(5)
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
