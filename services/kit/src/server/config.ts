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

  return {
    port,
    host: read('HOST') ?? '127.0.0.1',
    dataFolder: read('FANFARE_DATA') ?? './data',
    seed: read('FANFARE_SEED') ?? 'fanfare',
    simToken: read('FANFARE_SIM_TOKEN'),
    logLevel,
    key: read(`${prefix}_KEY`) ?? 'fanfare',
    secret: read(`${prefix}_SECRET`) ?? 'fanfare-secret',
  }
}
