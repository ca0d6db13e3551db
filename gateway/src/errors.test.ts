import { readFileSync } from 'node:fs'
import { afterAll, describe, expect, test } from 'vitest'
import { buildTestApp } from '../../tests/support/gateway-app.ts'
import { errorTable } from './errors.ts'

const table = Object.entries(errorTable).map(([code, { status, when, remedy }]) => ({ code, status, when, remedy }))

/** Rows of the Markdown table whose first cell is a code. */
function rowsOf(markdown: string) {
  return [...markdown.matchAll(/^\| `(\w+)` \| (\d+) \| (.+) \| (.+) \|$/gm)].map(([, code, status, when, remedy]) => {
    return { code, status: Number(status), when, remedy }
  })
}

const app = await buildTestApp()
await app.ready()
afterAll(() => app.close())

/** Every code that an operation documents, with the statuses it stands under. */
function documentedCodes() {
  const document: {
    paths: Record<
      string,
      Record<string, { responses: Record<string, { content?: Record<string, { examples?: object }> }> }>
    >
  } = JSON.parse(JSON.stringify(app.swagger()))
  return Object.values(document.paths)
    .flatMap((operations) => Object.values(operations))
    .flatMap(({ responses }) => Object.entries(responses))
    .flatMap(([status, { content }]) =>
      Object.keys(content?.['application/problem+json']?.examples ?? {}).map((code) => ({
        code,
        status: Number(status),
      })),
    )
}

describe('the table of errors', () => {
  test('is docs/errors.md', () => {
    expect(rowsOf(readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8'))).toEqual(table)
  })

  test('is the table at the head of the API description', () => {
    expect(rowsOf(app.swagger().info?.description ?? '')).toEqual(table)
  })

  test('is the page that problems point to', async () => {
    const page = (await app.inject('/docs/errors')).body
    expect([...page.matchAll(/<tr id="(\w+)">/g)].map(([, code]) => code)).toEqual(table.map(({ code }) => code))
  })

  test('has every code that an operation documents, under its status', () => {
    const statuses = new Map<string, number>(table.map(({ code, status }) => [code, status]))
    expect(documentedCodes().filter(({ code, status }) => statuses.get(code) !== status)).toEqual([])
  })

  test('has no code that no operation documents, but for those that belong to none', () => {
    const documented = new Set(documentedCodes().map(({ code }) => code))
    const missing = table.map(({ code }) => code).filter((code) => !documented.has(code))
    expect(missing).toEqual(['not_found', 'method_not_allowed'])
  })

  test('has sentences', () => {
    for (const { code, when, remedy } of table) {
      expect(when, code).toMatch(/^[A-Z].*\.$/)
      expect(remedy, code).toMatch(/^[A-Z].*\.$/)
    }
  })
})
