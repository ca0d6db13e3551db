import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type AirlineSystem, banyan, type Clock, createClock, openAirlineSystem } from '@fanfare/kit'
import { buildApp } from '../app.ts'
import { child, childrenOf, readXml, type XmlNode } from '../xml-reader.ts'

const key = 'test-key'
const startsAt = Date.parse('2030-01-01T06:00:00Z')

/** What came back from a POST. */
interface Reply {
  status: number
  contentType: string
  text: string
}

/** Banyan on a database file and a port of its own, with a clock that stands still. */
export interface TestAirline {
  url: string
  system: AirlineSystem
  clock: Clock
  /** Sends a message to /ndc/21.3/<name>. */
  post(name: string, xml: string, headers?: Record<string, string>): Promise<Reply>
  /** Sends a message and reads its answer; it must be no Error. */
  ask(name: string, xml: string): Promise<XmlNode>
  /** Sends a message that must be answered with an Error in a 200, and gives its Code. */
  refusal(name: string, xml: string): Promise<string>
  close(): Promise<void>
}

/** Opens the real service on 127.0.0.1. */
export async function openTestAirline(): Promise<TestAirline> {
  const folder = mkdtempSync(join(tmpdir(), 'banyan-'))
  const clock = createClock(startsAt)
  const system = openAirlineSystem({ carrier: banyan, seed: 'test', clock, database: join(folder, 'banyan.sqlite') })
  const app = await buildApp({ system, key, secret: '', simToken: undefined, logLevel: 'silent' })
  const url = await app.listen({ host: '127.0.0.1', port: 0 })

  async function post(name: string, xml: string, headers: Record<string, string> = {}): Promise<Reply> {
    const response = await fetch(`${url}/ndc/21.3/${name}`, {
      method: 'POST',
      headers: { 'content-type': 'application/xml', 'x-api-key': key, ...headers },
      body: xml,
    })
    const contentType = response.headers.get('content-type') ?? ''
    return { status: response.status, contentType, text: await response.text() }
  }

  async function read(name: string, xml: string): Promise<XmlNode> {
    const { status, text } = await post(name, xml)
    if (status !== 200) throw new Error(`${name} answered ${status}: ${text}`)
    return readXml(Buffer.from(text))
  }

  return {
    url,
    system,
    clock,
    post,
    async ask(name, xml) {
      const answer = await read(name, xml)
      const error = child(answer, 'Error')
      if (error) throw new Error(`${name} was refused: ${child(error, 'DescText')?.text}`)
      return answer
    },
    async refusal(name, xml) {
      const code = child(child(await read(name, xml), 'Error'), 'Code')
      if (code === undefined) throw new Error(`${name} was not refused`)
      return code.text
    },
    async close() {
      await app.close()
      system.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Every element of the name under a node, however deep. */
export function all(node: XmlNode, name: string): XmlNode[] {
  return [...childrenOf(node, name), ...node.children.flatMap((below) => all(below, name))]
}

/** Texts of every element of the name, however deep. */
export function texts(node: XmlNode, name: string): string[] {
  return all(node, name).map(({ text }) => text)
}
