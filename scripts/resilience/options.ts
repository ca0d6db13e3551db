import { parseArgs } from 'node:util'
import { airlines } from '../../gateway/src/airlines/index.ts'

/** What the command line asks for. */
export interface ResilienceOptions {
  airline: string
  searches: number
  perSecond: number
  /** Words that a trouble's name must hold; null: all. */
  only: string | null
  seed: string
}

const names = airlines.map(({ airline: { name } }) => name)

export const help = `npm run resilience -- [options]: what searches get while one airline misbehaves in one way after the other, with the gateway's
policies towards airlines and without. Every process is real, no answer is cached, and every answer is held to the truth.

  --airline NAME   which misbehaves: ${names.join(', ')} (${names[0]})
  --searches N     how many, for each row and column (300)
  --rate R         searches a second, sent whether or not those before are answered (20)
  --only WORDS     only the rows whose name holds these words
  --seed S         the world, and with it which searches are struck (fanfare)

Prints a Markdown table; docs/resilience.md has one. Ends with 1 when any answer was wrong or any search failed with the policies on.`

/** Reads the command line; null: it asks for help. Throws an Error that says what is wrong with it. */
export function readOptions(args: string[]): ResilienceOptions | null {
  const { values } = parseArgs({
    args,
    options: {
      airline: { type: 'string', default: names[0] ?? '' },
      searches: { type: 'string', default: '300' },
      rate: { type: 'string', default: '20' },
      only: { type: 'string' },
      seed: { type: 'string', default: 'fanfare' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) return null
  if (!names.includes(values.airline)) {
    throw new Error(`--airline must be one of ${names.join(', ')}, not ${values.airline}`)
  }
  return {
    airline: values.airline,
    searches: wholeNumber('--searches', values.searches, 10_000),
    perSecond: wholeNumber('--rate', values.rate, 1_000),
    only: values.only ?? null,
    seed: values.seed,
  }
}

function wholeNumber(option: string, text: string, most: number): number {
  const value = Number(text)
  if (/^\d+$/.test(text) && value >= 1 && value <= most) return value
  throw new Error(`${option} must be a whole number from 1 to ${most}, not ${text}`)
}
