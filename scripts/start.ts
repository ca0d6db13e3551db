// npm start: every airline of the registry and the gateway, each a process of its own.
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { styleText } from 'node:util'
import { airlines } from '../gateway/src/airlines/index.ts'
import type { Scenario } from '../gateway/src/schemas/simulation.ts'
import { type Child, describeEnding, startChild } from './child.ts'
import { readableLine } from './log-line.ts'
import { portFrom, portTrouble } from './ports.ts'
import { showScenario } from './show-scenario.ts'
import { readArguments } from './start-arguments.ts'

const help = `npm start: starts every airline and the gateway, and stops them all on Ctrl-C.

  npm start -- --scenario FILE   plays a timeline of faults once all is ready, for instance scenarios/slow-banyan.yaml

All other settings are environment variables:

  PORT                 the gateway's port (8080)
  AIRLINE_PORT_BASE    the first airline's port; the others follow it (8101)
  HOST                 the address that all listen on (127.0.0.1)
  FANFARE_DATA         folder of the databases (./data)
  FANFARE_SEED         the world to simulate (fanfare)
  FANFARE_PROFILE      how airlines behave: instant, realistic or chaos (realistic)
  FANFARE_SIM_TOKEN    token of the control plane, /_sim, of the gateway and each airline (fanfare)
  REDIS_URL            a Redis to cache in as well (unset: the cache is in the gateway's process alone)
  LOG_LEVEL            fatal, error, warn, info, debug or trace (warn)
  <AIRLINE>_URL        where an airline runs that is not to be started here, for instance SAFFRON_URL`

const readyWithinMs = 30_000
const stopWithinMs = 10_000
const colours = ['cyan', 'magenta', 'yellow', 'blue', 'green', 'red'] as const

/** A program to run, and where it says that it is ready. */
interface Program {
  name: string
  title: string
  program: string
  port: number
  /** The variable that moves its port. */
  variable: string
  health: string
}

/** What `npm start` opens the control plane with where nothing else is set. */
const usualSimToken = 'fanfare'

const asked = readArguments(process.argv.slice(2))
if ('help' in asked) {
  console.log(help)
} else {
  const trouble = 'trouble' in asked ? asked.trouble : await start(asked.scenario)
  if (trouble !== null) console.error(styleText('red', trouble, { stream: process.stderr }))
  process.exit(trouble === null ? 0 : 1)
}

/** Runs everything until it is told to stop; resolves with why it had to end by itself, for a person to read, or null. */
async function start(scenario: Scenario | null): Promise<string | null> {
  const startedAt = performance.now()
  const host = process.env.HOST || '127.0.0.1'
  let programs: Program[]
  try {
    programs = allPrograms()
  } catch (error) {
    if (error instanceof RangeError) return error.message
    throw error
  }
  const trouble = await portTrouble(programs, host)
  if (trouble !== null) return trouble

  const simToken = process.env.FANFARE_SIM_TOKEN || usualSimToken
  const seed = process.env.FANFARE_SEED || scenario?.seed
  if (scenario?.seed !== undefined && seed !== scenario.seed) {
    return `The scenario is written for the seed "${scenario.seed}", and FANFARE_SEED is "${seed}". Unset one of them.`
  }

  const say = sayer(programs)
  const children: Child[] = []
  const stop = stopSignal(children)
  console.log(`Starting ${programs.map(({ name }) => name).join(', ')} …`)
  const urls = programs.slice(1).map((service) => [`${service.name.toUpperCase()}_URL`, address(service, host)])
  for (const { name, program, port } of programs) {
    const env = {
      ...process.env,
      ...Object.fromEntries(urls),
      ...(seed !== undefined && { FANFARE_SEED: seed }),
      FANFARE_SIM_TOKEN: simToken,
      PORT: `${port}`,
    }
    children.push(startChild({ name, program, env, onLine: (line) => say(name, readableLine(line)) }))
  }
  try {
    const deadline = AbortSignal.any([stop, AbortSignal.timeout(readyWithinMs)])
    const waits = programs.map(async (program, index) => {
      const failure = await whenReady(program, children[index], host, deadline)
      if (failure === null) say(program.name, `ready after ${since(startedAt)} as process ${children[index]?.pid}`)
      return failure
    })
    const failure = await firstFailure(waits)
    if (stop.aborted) return null
    if (failure !== null) return failure

    console.log(welcome(programs, host, since(startedAt), simToken))
    const gateway = programs[0]
    if (scenario && gateway) {
      void showScenario({ url: address(gateway, host), token: simToken, scenario, signal: stop, say })
    }
    return await untilTheEnd(children, stop, say)
  } finally {
    await stopInOrder(children)
  }
}

/** The gateway first: it is the first to be stopped, so that what it is doing can still reach the airlines. */
function allPrograms(): Program[] {
  const base = portFrom('AIRLINE_PORT_BASE', 8101)
  const gateway: Program = {
    name: 'gateway',
    title: 'Gateway',
    program: 'gateway/src/main.ts',
    port: portFrom('PORT', 8080),
    variable: 'PORT',
    health: '/health/ready',
  }
  const services = airlines.map(({ airline: { name, title } }, index) => ({
    name,
    title,
    program: `services/${name}/src/main.ts`,
    port: base + index,
    variable: 'AIRLINE_PORT_BASE',
    health: '/health',
  }))
  return [gateway, ...services.filter(({ name }) => !process.env[`${name.toUpperCase()}_URL`])]
}

/** Resolves with null once the program answers, or with why it does not. */
async function whenReady(
  program: Program,
  child: Child | undefined,
  host: string,
  signal: AbortSignal,
): Promise<string | null> {
  const url = `${address(program, host)}${program.health}`
  while (!signal.aborted) {
    const ending = child?.ending()
    if (child && ending) {
      const lines = child.lastLines().map((line) => `  ${line}`)
      return [
        `${program.name} ended with ${describeEnding(ending)} before it was ready. Its last lines:`,
        ...lines,
      ].join('\n')
    }
    if (await answers(url, signal)) return null
    await sleep(25)
  }
  return `${program.name} was not ready at ${url} within ${readyWithinMs / 1000} s.`
}

async function answers(url: string, signal: AbortSignal): Promise<boolean> {
  try {
    const response = await fetch(url, { signal })
    await response.arrayBuffer()
    return response.ok
  } catch {
    return false
  }
}

/** The first failure to come; null once all have succeeded. */
async function firstFailure(waits: Promise<string | null>[]): Promise<string | null> {
  const failed = waits.map(async (wait) => {
    const failure = await wait
    if (failure !== null) throw failure
  })
  return Promise.all(failed).then(
    () => null,
    (failure: string) => failure,
  )
}

/** Resolves with null when told to stop, or with why nothing is left to run. An airline that ends is only told of. */
async function untilTheEnd(
  [gateway, ...services]: Child[],
  stop: AbortSignal,
  say: (name: string, line: string) => void,
): Promise<string | null> {
  for (const service of services) {
    service.ended.then((ending) => {
      if (stop.aborted || gateway?.ending() !== null) return
      const what = `ENDED with ${describeEnding(ending)}. The gateway goes on without it; start again to bring it back.`
      say(service.name, styleText('red', what))
    })
  }
  const ending = await Promise.race([gateway?.ended, once(stop, 'abort').then(() => null)])
  return ending ? `The gateway ended with ${describeEnding(ending)}, so everything is stopped.` : null
}

/** Aborted by the first Ctrl-C, SIGTERM, or the end of the process that started this one; a second Ctrl-C kills. */
function stopSignal(children: Child[]): AbortSignal {
  const stop = new AbortController()
  const request = () => {
    if (stop.signal.aborted) for (const child of children) child.signal('SIGKILL')
    else console.log('Stopping …')
    stop.abort()
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, request)
  process.once('disconnect', request)
  process.channel?.unref()
  return stop.signal
}

async function stopInOrder([gateway, ...services]: Child[]): Promise<void> {
  await gateway?.stop(stopWithinMs)
  await Promise.all(services.map((service) => service.stop(stopWithinMs)))
}

/** Prints lines with the name of who said them. */
function sayer(programs: Program[]): (name: string, line: string) => void {
  const width = Math.max(...programs.map(({ name }) => name.length))
  return (name, line) => {
    const colour = colours[programs.findIndex((program) => program.name === name) % colours.length] ?? 'cyan'
    console.log(`${styleText(colour, name.padEnd(width))} │ ${line}`)
  }
}

function welcome([gateway, ...services]: Program[], host: string, after: string, simToken: string): string {
  if (gateway === undefined) return ''
  const url = address(gateway, host)
  const date = Temporal.Now.plainDateISO('Asia/Kolkata').add({ days: 30 })
  const rows = [
    ['Swagger UI', `${url}/docs`],
    ['Gateway', `${url}/v1/search, /v1/itinerary, /v1/bookings, …`],
    ...services.map((service) => [service.title, `${address(service, host)}/docs`]),
  ]
  const width = Math.max(...rows.map(([what = '']) => what.length))
  return [
    '',
    `Fanfare is ready after ${after}. Ctrl-C stops it.`,
    '',
    ...rows.map(([what = '', where]) => `  ${what.padEnd(width)}  ${where}`),
    '',
    'Try a search from Delhi to Mumbai in 30 days:',
    '',
    `  curl -s '${url}/v1/search?origin=DEL&destination=BOM&departureDate=${date}'`,
    '',
    'See an airline fail, and take control of the world (docs/scenarios.md):',
    '',
    `  curl -s '${url}/v1/search?origin=DEL&destination=BOM&departureDate=${date}' -H 'Fanfare-Fault: ${services[0]?.name}=timeout'`,
    `  curl -s '${url}/_sim/clock' -H 'Fanfare-Sim-Token: ${simToken}'`,
    '',
  ].join('\n')
}

function address({ port }: Program, host: string): string {
  const named = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host
  return `http://${named}:${port}`
}

function since(startedAt: number): string {
  return `${((performance.now() - startedAt) / 1000).toFixed(1)} s`
}
