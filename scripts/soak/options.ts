import { parseArgs } from 'node:util'

/** What the command line asks for. */
export interface SoakOptions {
  minutes: number
  clients: number
  seed: string
}

export const help = `npm run soak -- [options]: the whole system under the chaos profile, with clients that search, look, book, pay and cancel all
the time. At the end the gateway's memory must have stayed flat, nothing that it opened may be left open, every booking must
have come to an end, and every airline's audit must be clean.

  --minutes M    how long (10)
  --clients C    how many clients there are at the same time (6)
  --seed S       the world and its chaos (fanfare)

Ends with 0 when all that held; else with 1, and says what did not.`

/** Reads the command line; null: it asks for help. Throws an Error that says what is wrong with it. */
export function readOptions(args: string[]): SoakOptions | null {
  const { values } = parseArgs({
    args,
    options: {
      minutes: { type: 'string', default: '10' },
      clients: { type: 'string', default: '6' },
      seed: { type: 'string', default: 'fanfare' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) return null
  const minutes = Number(values.minutes)
  if (!(minutes > 0 && minutes <= 1440)) throw new Error(`--minutes must be from 0 to 1440, not ${values.minutes}`)
  const clients = Number(values.clients)
  if (!Number.isInteger(clients) || clients < 1 || clients > 200) {
    throw new Error(`--clients must be a whole number from 1 to 200, not ${values.clients}`)
  }
  return { minutes, clients, seed: values.seed }
}
