import { describe, expect, it } from 'vitest'
import type { BenchRequest } from '../load-task.ts'
import { judge } from './judge.ts'

const query = `{"query":{"origin":"DEL","airlines":null}`
const expected = Buffer.from(`${query},"complete":true,"slices":[{"offers":[{"id":"one"}]`)
const request: BenchRequest = { method: 'GET', path: '/v1/search', headers: {}, body: null, status: 200, expected }

describe('judge', () => {
  it('takes what begins as expected', () => {
    expect(judge(request, 200, Buffer.concat([expected, Buffer.from(',"nextCursor":null}]}')]))).toEqual({
      is: 'right',
    })
  })

  it.each([
    ['refused', 503, '{"code":"overloaded"}'],
    [
      'incomplete',
      200,
      `${query},"complete":false,"slices":[{"offers":[]}],"sources":[{"airline":"lotus","status":"timeout"}]}`,
    ],
  ])('counts what is %s as failed, and shows why', (_what, status, body) => {
    const { is, why } = { why: '', ...judge(request, status, Buffer.from(body)) }
    expect(is).toBe('failed')
    expect(why).toContain(`/v1/search: ${status}`)
    expect(why).toMatch(/overloaded|timeout/)
  })

  it.each([
    ['holds other offers', 200, `${query},"complete":true,"slices":[{"offers":[{"id":"two"}]}]}`],
    [
      'is complete and only says otherwise of an offer',
      200,
      `${query},"complete":true,"slices":[{"offers":["\\"complete\\":false"]}]}`,
    ],
    ['ends before it is whole', 200, expected.subarray(0, -1).toString()],
    ['has another status', 404, expected.toString()],
  ])('finds an answer wrong that %s', (_what, status, body) => {
    expect(judge(request, status, Buffer.from(body)).is).toBe('wrong')
  })
})
