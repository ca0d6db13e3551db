import { readFileSync } from 'node:fs'
import { parse } from 'yaml'

/** A service of docker-compose.yml, as far as tests look at it. */
export interface ComposeService {
  image: string
  /** [] where the image's own is run. */
  command: string[]
  environment: Record<string, string>
  networks: string[]
  /** Names of what it waits for. */
  dependsOn: string[]
  /** Those that it is a part of; []: always. */
  profiles: string[]
}

/** The services of docker-compose.yml by name. */
export function readCompose(): Map<string, ComposeService> {
  const file = record(
    parse(readFileSync(new URL('../../docker-compose.yml', import.meta.url), 'utf8'), { merge: true }),
  )
  return new Map(
    Object.entries(record(file.services)).map(([name, value]) => {
      const service = record(value)
      return [
        name,
        {
          image: String(service.image),
          command: strings(service.command),
          environment: Object.fromEntries(
            Object.entries(record(service.environment ?? {})).map(([variable, text]) => [variable, String(text)]),
          ),
          networks: strings(service.networks),
          dependsOn: Object.keys(record(service.depends_on ?? {})),
          profiles: strings(service.profiles),
        },
      ]
    }),
  )
}

/** The variables of a file of `NAME=value` lines. */
export function readVariables(text: string): Record<string, string> {
  const lines = text.split('\n').filter((line) => /^[A-Z_]+=/.test(line))
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]))
}

/** The value as an object. Throws where it is none. */
export function record(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error(`not an object: ${JSON.stringify(value)}`)
  return Object.fromEntries(Object.entries(value))
}

/** The value as a list of texts; [] for none. */
export function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : []
}
