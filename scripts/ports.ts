import { once } from 'node:events'
import { createServer } from 'node:net'

/** A port that a program wants, and the environment variable that moves it. */
export interface WantedPort {
  name: string
  port: number
  variable: string
}

/** Why these ports cannot all be had on `host`, for a person to read; null when they can. */
export async function portTrouble(wanted: WantedPort[], host: string): Promise<string | null> {
  for (const [index, { name, port, variable }] of wanted.entries()) {
    const other = wanted.slice(0, index).find((earlier) => earlier.port === port)
    if (other) return `${name} and ${other.name} both want port ${port}. Set ${variable} to move ${name}.`
    const trouble = await tryPort(port, host)
    if (trouble !== null) {
      return `Port ${port} ${trouble}, so ${name} cannot listen on it. Set ${variable} to move ${name}, for instance: ${variable}=${port + 1000} npm start`
    }
  }
  return null
}

/** A port number from the environment. Throws RangeError, naming the variable, for what is none. */
export function portFrom(variable: string, fallback: number): number {
  const text = process.env[variable]
  if (text === undefined || text === '') return fallback
  const port = Number(text)
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new RangeError(`${variable} must be a port from 1 to 65535, not "${text}".`)
  }
  return port
}

/** What is wrong with a port; null when it is free. */
async function tryPort(port: number, host: string): Promise<string | null> {
  const server = createServer()
  try {
    server.listen(port, host)
    await once(server, 'listening')
    server.close()
    await once(server, 'close')
    return null
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'EADDRINUSE') return 'is taken'
    if (code === 'EACCES') return 'is not allowed to this user'
    return `cannot be had on ${host} (${code ?? error})`
  }
}
