import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { createAnswerCheck } from '../../../tests/support/answer-check.ts'
import { buildTestApp } from '../../../tests/support/gateway-app.ts'
import type { ApiDocument } from './with-examples.ts'

const app = await buildTestApp({ now: () => Date.parse('2030-01-10T12:00:00Z') })
afterAll(() => app.close())
const document = (await app.inject('/openapi.json')).json<ApiDocument>()
const check = createAnswerCheck(document)

interface Call {
  method: 'GET' | 'POST' | 'HEAD'
  path: string
  query: [string, string][]
  headers: Record<string, string>
  body: string | null
}

const junk = fc.oneof(
  fc.string({ maxLength: 20, unit: 'grapheme' }),
  fc.constantFrom(
    '',
    '0',
    '-1',
    '1e9',
    'null',
    '[]',
    '__proto__',
    '2030-02-30',
    '9999-12-31',
    '٣',
    '%',
    '\u0000',
    'DEL',
  ),
)

/** Mostly what the description shows, so that a call gets past the first check. */
const valueLike = (example: unknown) =>
  fc.oneof({ weight: 4, arbitrary: fc.constant(String([example].flat()[0] ?? '')) }, { weight: 1, arbitrary: junk })

/** The example with one of its parts taken out or replaced, at any depth. */
function spoilt(value: unknown): fc.Arbitrary<unknown> {
  const other = fc.oneof(fc.jsonValue({ maxDepth: 1 }), junk)
  if (typeof value !== 'object' || value === null) return other
  const keys = Object.keys(value)
  if (keys.length === 0) return other
  return fc.constantFrom(...keys).chain((key) => {
    const part: unknown = Reflect.get(value, key)
    const without = Array.isArray(value)
      ? value.filter((_, place) => String(place) !== key)
      : { ...value, [key]: undefined }
    const replaced = fc.oneof(spoilt(part), other).map((changed) => {
      return Array.isArray(value)
        ? value.map((item, place) => (String(place) === key ? changed : item))
        : { ...value, [key]: changed }
    })
    return fc.oneof(replaced, fc.constant(without), fc.constant({ ...value, surprise: 1 }))
  })
}

const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
)

const calls: fc.Arbitrary<Call> = fc.constantFrom(...operations).chain(({ path, method, operation }) => {
  const parameters = (operation.parameters ?? []).map(({ name, in: place, example, schema }) => {
    const shown = example ?? (Array.isArray(schema?.examples) ? schema.examples[0] : 'x')
    return fc.record({
      name: fc.constant(name),
      place: fc.constant(place),
      value: fc.option(valueLike(shown), { freq: 6 }),
    })
  })
  const bodies = Object.values(operation.requestBody?.content['application/json']?.examples ?? {}).map(
    ({ value }) => value,
  )
  const body = fc.oneof(
    { weight: 1, arbitrary: junk },
    {
      weight: 6,
      arbitrary: fc
        .constantFrom(...bodies, {})
        .chain(spoilt)
        .map((value) => JSON.stringify(value) ?? ''),
    },
    { weight: 2, arbitrary: fc.constantFrom(...bodies, {}).map((value) => JSON.stringify(value)) },
  )
  return fc
    .record({ values: fc.tuple(...parameters), body, head: fc.boolean(), extra: fc.option(junk, { freq: 20 }) })
    .map(({ values, body, head, extra }): Call => {
      const of = (wanted: string) =>
        values.flatMap(({ name, place, value }): [string, string][] =>
          place === wanted && value !== null ? [[name, value]] : [],
        )
      const filled = of('path').reduce(
        (url, [name, value]) => url.replace(`{${name}}`, encodeURIComponent(value) || 'x'),
        path,
      )
      return {
        method: method === 'post' ? 'POST' : head ? 'HEAD' : 'GET',
        path: filled.replace(/\{\w+\}/, 'x'),
        query: [...of('query'), ...(extra === null ? [] : [[extra, '1'] satisfies [string, string]])],
        headers: Object.fromEntries(of('header').map(([name, value]) => [name, value.replace(/[^\x20-\x7e]/g, '?')])),
        body: method === 'post' ? body : null,
      }
    })
})

test('whatever is asked, no answer is a fault of ours and each is as documented', async () => {
  await fc.assert(
    fc.asyncProperty(calls, async ({ method, path, query, headers, body }) => {
      const url = query.length > 0 ? `${path}?${new URLSearchParams(query)}` : path
      const payload =
        body === null ? {} : { payload: body, headers: { ...headers, 'content-type': 'application/json' } }
      const reply = await app.inject({ method, url, headers, ...payload })
      expect(check(method, url, reply)).toEqual([])
      expect(reply.statusCode, reply.body).not.toBe(500)
    }),
    { numRuns: 400 },
  )
}, 60_000)
