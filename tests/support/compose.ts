import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { airlines } from '../../gateway/src/airlines/index.ts'
import { freePort } from './ports.ts'
import { until } from './until.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const simToken = 'control'

/** The image that tests build: not the one of whoever runs the stack on the same machine. */
export const image = 'fanfare-test'

/** A container, as `docker inspect` tells. */
export interface Container {
  id: string
  /** The service's name in docker-compose.yml. */
  service: string
  /** Its address by network, the network's name without the project's. */
  addresses: Record<string, string>
  /** Host addresses and ports that lead to it. */
  published: string[]
  readOnlyRoot: boolean
  /** null: it has no health check. */
  health: string | null
  exitCode: number
}

/** The stack of docker-compose.yml, in a project of its own. */
export interface Stack {
  /** Of the balancer, on loopback. */
  url: string
  /** `docker compose` in this project; gives what it printed. */
  compose(...args: string[]): Promise<string>
  /** `docker`; gives what it printed. */
  docker(...args: string[]): Promise<string>
  /** Its containers, stopped ones too; of one service where it is named. */
  containers(service?: string): Promise<Container[]>
  /** The one container of a service. Throws where there are several or none. */
  container(service: string): Promise<Container>
  /** Whether a program in a container of its own on this network of the project can connect. */
  canConnect(network: string, address: string, port: number): Promise<boolean>
  /** What an airline's control plane answers. */
  simulation(airline: string, path: string): Promise<Record<string, unknown>>
  /** Starts what does not run; resolves once everything is healthy. */
  up(): Promise<void>
  /** Takes everything down with its volumes; for afterAll. The image stays, so that the next is built sooner. */
  close(): Promise<void>
}

const run = promisify(execFile)

/** Whether the stack can run here; where it cannot, says so, which with CI=true is an error. For `describe.skipIf`. */
export async function hasCompose(): Promise<boolean> {
  try {
    await run('docker', ['info', '--format', '{{.ServerVersion}}'], { timeout: 20_000 })
    await run('docker', ['compose', 'version'], { timeout: 20_000 })
    return true
  } catch (error) {
    const wanted = 'a Docker engine and Docker Compose 2.24 or later'
    if (process.env.CI === 'true')
      throw new Error(`With CI=true the suites of the Compose stack must run: they need ${wanted}.`, { cause: error })
    console.warn(`Skipped: this suite needs ${wanted}.`)
    return false
  }
}

/**
 * Builds the image, brings the stack up and waits until it is healthy. Airlines answer at once and never lie, and their
 * control planes are open. Everything is taken down again when it does not come up.
 */
export async function startStack({ gateways }: { gateways: number }): Promise<Stack> {
  const project = `fanfare-test-${randomUUID().slice(0, 8)}`
  const folder = mkdtempSync(join(tmpdir(), 'fanfare-'))
  const port = await freePort()
  // JSON is YAML.
  const override = join(folder, 'override.yml')
  writeFileSync(override, JSON.stringify(overrides()))
  const env = { ...process.env, FANFARE_PORT: `${port}`, FANFARE_IMAGE: image, COMPOSE_PROFILES: '' }

  const execute = async (args: string[]) => {
    const { stdout } = await run('docker', args, { cwd: root, env, timeout: 300_000, maxBuffer: 64 * 1024 * 1024 })
    return stdout
  }
  const compose: Stack['compose'] = (...args) =>
    execute(['compose', '-p', project, '-f', 'docker-compose.yml', '-f', override, ...args])
  const docker: Stack['docker'] = (...args) => execute(args)
  const up = async (...options: string[]) => {
    await compose('up', '--wait', '--wait-timeout', '120', '--scale', `gateway=${gateways}`, ...options)
  }

  const stack: Stack = {
    url: `http://127.0.0.1:${port}`,
    compose,
    docker,
    async containers(service) {
      const ids = (await compose('ps', '--all', '--quiet', ...(service ? [service] : []))).split('\n').filter(Boolean)
      if (ids.length === 0) return []
      const found: unknown = JSON.parse(await docker('inspect', ...ids))
      return Array.isArray(found) ? found.map((one) => toContainer(one, project)) : []
    },
    async container(service) {
      const [only, ...others] = await stack.containers(service)
      if (!only || others.length > 0) throw new Error(`there is not one container of ${service}`)
      return only
    },
    async canConnect(network, address, toPort) {
      const program = `require('node:net').connect({ host: ${JSON.stringify(address)}, port: ${toPort} })
        .setTimeout(2000, () => process.exit(3)).on('error', () => process.exit(3)).on('connect', () => process.exit(0))`
      try {
        await docker('run', '--rm', '--network', `${project}_${network}`, image, 'node', '-e', program)
        return true
      } catch (error) {
        // Anything else than the program's own answer says nothing about the network.
        if (error instanceof Error && 'code' in error && error.code === 3) return false
        throw error
      }
    },
    async simulation(airline, path) {
      const program = `const answer = await fetch('http://127.0.0.1:8080/_sim${path}',
          { headers: { 'fanfare-sim-token': '${simToken}' } })
        if (!answer.ok) throw new Error(answer.status + ' ' + await answer.text())
        console.log(await answer.text())`
      return object(JSON.parse(await compose('exec', '-T', airline, 'node', '--input-type=module', '-e', program)))
    },
    up: () => up(),
    async close() {
      await compose('down', '--volumes', '--timeout', '1')
      rmSync(folder, { recursive: true, force: true })
    },
  }
  try {
    await up('--build')
  } catch (error) {
    const logs = await compose('logs', '--tail', '20').catch(String)
    await stack.close().catch(() => {})
    throw new Error(`the stack does not come up:\n${logs}`, { cause: error })
  }
  return stack
}

/** Once Docker finds the container healthy. */
export function untilHealthy(stack: Stack, id: string): Promise<unknown> {
  return until(
    `${id} is healthy`,
    async () => {
      const status = await stack.docker('inspect', '--format', '{{.State.Health.Status}}', id)
      return status.trim() === 'healthy'
    },
    90_000,
  )
}

/** Stops every process of a container in its tracks; `docker unpause` lets them go on. */
export function pauseContainer(stack: Stack, id: string): Promise<unknown> {
  return until(`${id} is paused`, async () => {
    try {
      await stack.docker('pause', id)
      return true
    } catch (error) {
      // runc gives up where a process is just being made in it, as for a health check, and has it as it was.
      if (String(error).includes('unable to freeze')) return false
      throw error
    }
  })
}

function overrides() {
  const simulation = { FANFARE_SIM_TOKEN: simToken, FANFARE_PROFILE: 'instant', FANFARE_LIE_RATE: '0' }
  const ofAirlines = airlines.map(({ airline: { name } }) => [
    name,
    { environment: { ...simulation, [`${name.toUpperCase()}_RATE_LIMIT`]: '0' } },
  ])
  // A machine that is busy with other things must not make gateways refuse work.
  const gateway = { environment: { ...simulation, EVENT_LOOP_DELAY_MS: '0' } }
  return { services: { ...Object.fromEntries(ofAirlines), gateway } }
}

function toContainer(value: unknown, project: string): Container {
  const { Id, Config, HostConfig, NetworkSettings, State } = object(value)
  const { Networks, Ports } = object(NetworkSettings)
  const { Health, ExitCode } = object(State)
  const service = object(object(Config).Labels)['com.docker.compose.service']
  const addresses = Object.entries(object(Networks)).map(([name, network]) => [
    name.replace(`${project}_`, ''),
    String(object(network).IPAddress),
  ])
  const published = Object.values(object(Ports)).flatMap((bindings) =>
    Array.isArray(bindings) ? bindings.map((one) => `${object(one).HostIp}:${object(one).HostPort}`) : [],
  )
  return {
    id: String(Id),
    service: String(service),
    addresses: Object.fromEntries(addresses),
    published,
    readOnlyRoot: object(HostConfig).ReadonlyRootfs === true,
    health: Health === undefined ? null : String(object(Health).Status),
    exitCode: Number(ExitCode),
  }
}

function object(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null) throw new Error(`not an object: ${JSON.stringify(value)}`)
  return Object.fromEntries(Object.entries(value))
}
