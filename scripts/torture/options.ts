import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'

/** Where the two gateways keep their bookings. */
export type Database = 'sqlite' | 'postgres'

/** What the command line asks for. */
export interface TortureOptions {
  rounds: number
  seed: string
  clients: number
  /** null: PostgreSQL where one can be had, else SQLite. */
  database: Database | null
}

export const help = `npm run torture -- [options]: two gateways on one database and every airline, each a process of its own; clients book, pay
and cancel while answers are lost and processes are killed; after each round every promise is checked.

  --rounds N      how often: a burst of work with faults and kills, recovery, checks (10)
  --seed S        what is booked, what goes wrong and when (a new one, which is printed)
  --clients C     how many book at the same time (8)
  --database D    sqlite: one file; postgres: a new database on the server that DATABASE_URL names, in a container, or of
                  a server that is installed (postgres where one of these is there, else sqlite)

Ends with 0 when every promise held; else with 1, says which did not, and leaves databases and logs in a folder that it
names. docs/torture.md says what is checked.`

/** Reads the command line; null: it asks for help. Throws an Error that says what is wrong with it. */
export function readOptions(args: string[]): TortureOptions | null {
  const { values } = parseArgs({
    args,
    options: {
      rounds: { type: 'string', default: '10' },
      seed: { type: 'string', default: `${randomInt(1_000_000)}` },
      clients: { type: 'string', default: '8' },
      database: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) return null
  return {
    rounds: wholeNumber('--rounds', values.rounds, 100_000),
    seed: values.seed,
    clients: wholeNumber('--clients', values.clients, 200),
    database: databaseFrom(values.database),
  }
}

function wholeNumber(option: string, text: string, most: number): number {
  const value = Number(text)
  if (/^\d+$/.test(text) && value >= 1 && value <= most) return value
  throw new Error(`${option} must be a whole number from 1 to ${most}, not ${text}`)
}

function databaseFrom(text: string | undefined): Database | null {
  if (text === undefined || text === 'sqlite' || text === 'postgres') return text ?? null
  throw new Error(`--database must be sqlite or postgres, not ${text}`)
}
