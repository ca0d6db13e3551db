import { describe, expect, it, onTestFinished } from 'vitest'
import { credentials, startHost, type TestHost } from './testing.ts'

interface Description {
  paths: Record<string, { post: { requestBody?: { content: { 'application/json': { schema: { $ref: string } } } } } }>
  components: { schemas: Record<string, { examples?: unknown[] }> }
}

async function described({ url }: TestHost, path: string): Promise<Description> {
  return JSON.parse(await (await fetch(`${url}${path}`)).text())
}

/** The example of an entry's body; undefined for an entry without a body. */
function example({ paths, components }: Description, path: string): unknown {
  const reference = paths[path]?.post.requestBody?.content['application/json'].schema.$ref
  return reference && components.schemas[reference.slice(reference.lastIndexOf('/') + 1)]?.examples?.[0]
}

describe.each([
  ['as the service starts', 0],
  ['forty days later', 40],
])('%s', (_, days) => {
  it.each([0, 0.3])(
    'every example can be sent as it stands, one after the other, with lies at a rate of %d',
    async (rate) => {
      const host = await startHost(rate)
      onTestFinished(() => host.close())
      host.system.clock.advance(days * 86_400_000)
      const agent = await host.signIn()
      const description = await described(host, '/docs/json')
      const order = Object.keys(description.paths).filter(
        (path) => !['/host/logon', '/host/logoff', '/host/ignore'].includes(path),
      )
      expect(order).toHaveLength(14)
      for (const path of order) {
        const { status, json } = await agent(path.replace('/host', ''), example(description, path))
        expect({ path, status, json }).toMatchObject({ status: 200, json: { status: 'OK' } })
        if (path === '/host/sell') expect(json).toMatchObject({ segments: [{ status: 'SS' }] })
        if (path === '/host/ssr')
          expect(json.requests).toMatchObject([{ state: 'HK' }, { state: 'HK' }, { state: 'HK' }])
        if (path === '/host/fares') expect(json.lines).not.toEqual([])
      }
    },
  )
})

it('the logon’s example is what the service is started with when nobody says otherwise', async () => {
  const host = await startHost()
  onTestFinished(() => host.close())
  const logon = example(await described(host, '/openapi.json'), '/host/logon')
  expect(logon).toEqual({ agentSign: 'fanfare', dutyCode: 'AS', password: 'fanfare-secret' })
  expect(logon).not.toMatchObject(credentials)
})
