import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { ClientLeft, GivenUp } from '../upstream/wait.ts'
import { createCalls } from './calls.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
})
afterEach(() => {
  vi.useRealTimers()
})

const patient = () => new AbortController().signal
const timeout = expect.objectContaining({ name: 'AirlineError', kind: 'timeout', airline: 'alpha' })

/** A call that the test answers, counting how often it was started. */
function makeCall() {
  const started: { answer: (value: string) => void; fail: (error: Error) => void; signal: AbortSignal }[] = []
  const call = (signal: AbortSignal) =>
    new Promise<string>((resolve, reject) => {
      started.push({ answer: resolve, fail: reject, signal })
    })
  return { call, started }
}

const open = (maxBackground = 0) => createCalls<string>({ airline: 'alpha', timeoutMs: 10_000, maxBackground })

describe('joining', () => {
  test('whoever asks the same while it is under way shares one call, and the next one gets a new one', async () => {
    const calls = open()
    const { call, started } = makeCall()
    const first = [calls.join('a', call, patient()), calls.join('a', call, patient())]
    const other = calls.join('b', call, patient())
    expect(started).toHaveLength(2)
    started[0]?.answer('one')
    started[1]?.answer('two')
    expect(await Promise.all([...first, other])).toEqual(['one', 'one', 'two'])
    const later = calls.join('a', call, patient())
    expect(started).toHaveLength(3)
    started[2]?.answer('three')
    expect(await later).toBe('three')
  })

  test('a failure reaches all who wait and is not kept', async () => {
    const calls = open()
    const { call, started } = makeCall()
    const first = [calls.join('a', call, patient()), calls.join('a', call, patient())]
    started[0]?.fail(new Error('no'))
    for (const one of first) await expect(one).rejects.toThrow('no')
    calls.join('a', call, patient()).catch(() => {})
    expect(started).toHaveLength(2)
  })

  test('a call that throws before it begins fails like any other', async () => {
    const calls = open()
    const broken = calls.join(
      'a',
      () => {
        throw new Error('at once')
      },
      patient(),
    )
    await expect(broken).rejects.toThrow('at once')
  })

  test('after startAfresh nobody joins a call that began before', async () => {
    const calls = open()
    const { call, started } = makeCall()
    const before = calls.join('a', call, patient())
    calls.startAfresh()
    const after = calls.join('a', call, patient())
    expect(started).toHaveLength(2)
    started[0]?.answer('old')
    expect(await before).toBe('old')
    const joined = calls.join('a', call, patient())
    expect(started).toHaveLength(2)
    started[1]?.answer('new')
    expect(await Promise.all([after, joined])).toEqual(['new', 'new'])
  })
})

describe('waiting', () => {
  test('one who stops waiting times out; the call goes on for the other', async () => {
    const calls = open()
    const { call, started } = makeCall()
    const impatient = new AbortController()
    const left = calls.join('a', call, impatient.signal)
    const stayed = calls.join('a', call, patient())
    impatient.abort()
    await expect(left).rejects.toEqual(timeout)
    expect(started[0]?.signal.aborted).toBe(false)
    started[0]?.answer('late')
    expect(await stayed).toBe('late')
  })

  test('who has no time left starts no call', async () => {
    const { call, started } = makeCall()
    await expect(open().join('a', call, AbortSignal.abort())).rejects.toEqual(timeout)
    expect(started).toHaveLength(0)
  })

  test('without room in the background a call ends with its last waiter', async () => {
    const calls = open(0)
    const { call, started } = makeCall()
    const impatient = new AbortController()
    const left = calls.join('a', call, impatient.signal)
    impatient.abort()
    await expect(left).rejects.toEqual(timeout)
    expect(started[0]?.signal.aborted).toBe(true)
    calls.join('a', call, patient()).catch(() => {})
    expect(started).toHaveLength(2)
  })

  test('with room it goes on, can be joined again, and ends at its own time-out', async () => {
    const calls = open(1)
    const { call, started } = makeCall()
    const impatient = new AbortController()
    calls.join('a', call, impatient.signal).catch(() => {})
    impatient.abort()
    expect(started[0]?.signal.aborted).toBe(false)
    const again = calls.join('a', call, patient())
    expect(started).toHaveLength(1)
    vi.advanceTimersByTime(9_999)
    expect(started[0]?.signal.aborted).toBe(false)
    vi.advanceTimersByTime(1)
    expect(started[0]?.signal.aborted).toBe(true)
    await expect(again).rejects.toEqual(timeout)
  })

  test('a call that ignores its signal does not block the key after its time-out', async () => {
    const calls = open()
    const { call, started } = makeCall()
    const first = calls.join('a', call, patient())
    vi.advanceTimersByTime(10_000)
    await expect(first).rejects.toEqual(timeout)
    calls.join('a', call, patient()).catch(() => {})
    expect(started).toHaveLength(2)
  })
})

describe('leaving', () => {
  test('the last client to leave ends the call, also where there is room in the background', async () => {
    const calls = open(1)
    const { call, started } = makeCall()
    const [one, other] = [new AbortController(), new AbortController()]
    const both = [calls.join('a', call, one.signal), calls.join('a', call, other.signal)]
    one.abort(new ClientLeft())
    expect(started[0]?.signal.aborted).toBe(false)
    other.abort(new ClientLeft())
    expect(started[0]?.signal.reason).toBeInstanceOf(GivenUp)
    for (const left of both) await expect(left).rejects.toEqual(timeout)
    calls.join('a', call, patient()).catch(() => {})
    expect(started).toHaveLength(2)
  })

  test('does not end what somebody whose time was up wants for the cache', async () => {
    const calls = open(1)
    const { call, started } = makeCall()
    const [late, leaving] = [new AbortController(), new AbortController()]
    const both = [calls.join('a', call, late.signal), calls.join('a', call, leaving.signal)]
    late.abort()
    leaving.abort(new ClientLeft())
    expect(started[0]?.signal.aborted).toBe(false)
    await Promise.allSettled(both)
  })
})

describe('the background', () => {
  test('starts no second call of a key and no more than there is room for', async () => {
    const calls = open(2)
    const { call, started } = makeCall()
    calls.background('a', call)
    calls.background('a', call)
    calls.background('b', call)
    calls.background('c', call)
    expect(started).toHaveLength(2)
    started[0]?.answer('done')
    await vi.waitFor(() => {
      calls.background('c', call)
      expect(started).toHaveLength(3)
    })
  })

  test('a failure there troubles nobody', async () => {
    const calls = open(1)
    const { call, started } = makeCall()
    calls.background('a', call)
    started[0]?.fail(new Error('no'))
    await vi.waitFor(() => {
      calls.background('a', call)
      expect(started).toHaveLength(2)
    })
  })

  test('close ends every call', async () => {
    const calls = open(1)
    const { call, started } = makeCall()
    calls.background('a', call)
    const waiting = calls.join('b', call, patient())
    calls.close()
    expect(started.map(({ signal }) => signal.aborted)).toEqual([true, true])
    await expect(waiting).rejects.toEqual(timeout)
  })
})
