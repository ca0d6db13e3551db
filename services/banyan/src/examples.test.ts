import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { messages } from './messages/index.ts'
import { openTestAirline, type TestAirline } from './testing/airline.ts'

let airline: TestAirline

beforeAll(async () => {
  airline = await openTestAirline()
})
afterAll(() => airline.close())

interface Media {
  example?: string
  schema?: { examples?: string[] }
}
interface Operation {
  requestBody: { content: Record<string, Media> }
  responses: Record<string, { content: Record<string, Media> }>
}

async function description(): Promise<Record<string, { post: Operation }>> {
  const response = await fetch(`${airline.url}/openapi.json`)
  const { paths }: { paths: Record<string, { post: Operation }> } = JSON.parse(await response.text())
  return paths
}

function exampleOf(content: Record<string, Media>): string {
  const media = content['application/xml']
  const example = media?.example ?? media?.schema?.examples?.[0]
  if (example === undefined) throw new Error('no example')
  return example
}

/** The example as the description has it now. */
async function requestExample(name: string): Promise<string> {
  const operation = (await description())[`/ndc/21.3/${name}`]
  if (operation === undefined) throw new Error(`${name} is not described`)
  return exampleOf(operation.post.requestBody.content)
}

describe('the API description', () => {
  it('has every message, and nothing else', async () => {
    expect(Object.keys(await description())).toEqual(messages.map(({ name }) => `/ndc/21.3/${name}`))
  })

  it('has examples that can be sent as they stand, one after the other', async () => {
    for (const { name, answer } of messages) {
      const { status, text } = await airline.post(name, await requestExample(name))
      expect(
        [status, text.includes(`<${answer} `), text.includes('<Error>')],
        `${name}: ${text.slice(0, 400)}`,
      ).toEqual([200, true, false])
    }
  })

  it('keeps them good as time passes', async () => {
    const before = await requestExample('AirShopping')
    airline.clock.advance(40 * 86_400_000)
    const after = await requestExample('AirShopping')
    expect(after).not.toBe(before)
    const { text } = await airline.post('OfferPrice', await requestExample('OfferPrice'))
    expect(text).toContain('<PricedOffer')
  })

  it('shows an answer for every message', async () => {
    for (const [path, { post }] of Object.entries(await description())) {
      expect(exampleOf(post.responses['200']?.content ?? {}), path).toContain('<?xml')
    }
  })
})
