import { type ProfileName, profileNames } from '../faults/profiles.ts'

/** What an airline's process is told by its environment. */
export interface AirlineConfig {
  /** 0: any free port. */
  port: number
  host: string
  /** Folder of the database. */
  dataFolder: string
  seed: string
  /** undefined: no control plane. */
  simToken: string | undefined
  /** pino's level. */
  logLevel: string
  key: string
  secret: string
  /** Share of its answers, 0 to 1, in which an airline whose availability may lie does so; undefined: its own. */
  lieRate: number | undefined
  /** How it behaves from the start. */
  profile: ProfileName
}

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']

/** Reads the environment of the airline called `name`. An empty variable counts as unset. Throws an Error that names the variable at fault. */
export function readAirlineConfig(name: string, environment: NodeJS.ProcessEnv): AirlineConfig {
  const read = (variable: string) => environment[variable] || undefined
  const prefix = name.toUpperCase()

  const portText = read('PORT') ?? '0'
  const port = Number(portText)
  if (!/^\d{1,5}$/.test(portText) || port > 65_535)
    throw new Error(`PORT must be a number from 0 to 65535, not ${portText}`)
  const logLevel = read('LOG_LEVEL') ?? 'warn'
  if (!logLevels.includes(logLevel))
    throw new Error(`LOG_LEVEL must be one of ${logLevels.join(', ')}, not ${logLevel}`)

  const lieRateText = read(`${prefix}_LIE_RATE`) ?? read('FANFARE_LIE_RATE')
  const lieRate = lieRateText === undefined ? undefined : Number(lieRateText)
  if (lieRate !== undefined && !(lieRate >= 0 && lieRate <= 1))
    throw new Error(`${prefix}_LIE_RATE and FANFARE_LIE_RATE must be a share from 0 to 1, not ${lieRateText}`)

  const profileText = read('FANFARE_PROFILE') ?? 'realistic'
  const profile = profileNames.find((name) => name === profileText)
  if (profile === undefined)
    throw new Error(`FANFARE_PROFILE must be one of ${profileNames.join(', ')}, not ${profileText}`)

  return {
    port,
    host: read('HOST') ?? '127.0.0.1',
    dataFolder: read('FANFARE_DATA') ?? './data',
    seed: read('FANFARE_SEED') ?? 'fanfare',
    simToken: read('FANFARE_SIM_TOKEN'),
    logLevel,
    key: read(`${prefix}_KEY`) ?? 'fanfare',
    secret: read(`${prefix}_SECRET`) ?? 'fanfare-secret',
    lieRate,
    profile,
  }
}
