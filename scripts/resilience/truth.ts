import type { Offer } from '../../gateway/src/schemas/offer.ts'
import type { SearchResult } from '../../gateway/src/schemas/search.ts'
import { createApi } from '../../tests/support/api.ts'

/** What each airline has to say to each question, found while all is well. */
export interface Truth {
  /** What in an answer is not so, for a person to read; [] when every word of it is true. */
  wrongIn(question: string, answer: SearchResult): string[]
}

/** What an airline offers: by offer id the price, and of those that it puts first the whole offer. */
interface Said {
  prices: Map<string, string>
  offers: Map<string, string>
}

/** How many questions are asked at once. */
const atOnce = 4

/** Asks every airline every question by itself, of a gateway that caches nothing over airlines whose clocks stand still. */
export async function findTruth(
  gateway: string,
  airlines: readonly string[],
  asked: readonly string[],
): Promise<Truth> {
  const api = createApi(gateway)
  const said = new Map<string, Said>()
  const work = asked.flatMap((question) => airlines.map((airline) => ({ question, airline })))
  const next = work.values()

  async function ask(): Promise<void> {
    for (const { question, airline } of next) {
      const answer = await api.search(Object.fromEntries(new URLSearchParams(`${question}&airlines=${airline}`)))
      if (!answer.complete) throw new Error(`${airline} does not answer while nothing is wrong: ${question}`)
      said.set(`${airline} ${question}`, sayings(answer, airline))
    }
  }
  await Promise.all(Array.from({ length: atOnce }, ask))

  return {
    wrongIn: (question, answer) =>
      answer.sources.flatMap(({ airline, status }) => {
        const isIn = status === 'ok' || status === 'stale'
        const truth = isIn ? said.get(`${airline} ${question}`) : nothingSaid
        if (!truth) return [`${airline} was not asked this before`]
        return differences(airline, truth, sayings(answer, airline))
      }),
  }
}

const nothingSaid: Said = { prices: new Map(), offers: new Map() }

function sayings({ slices }: SearchResult, airline: string): Said {
  const said: Said = { prices: new Map(), offers: new Map() }
  for (const offer of slices.flatMap(({ offers }) => offers)) {
    if (offer.airline === airline) {
      said.prices.set(offer.id, toText(offer.price))
      said.offers.set(offer.id, whole(offer))
    }
    for (const other of offer.sameFlight) {
      if (other.airline === airline) said.prices.set(other.offerId, toText(other.price))
    }
  }
  return said
}

function toText({ amount, currency }: Offer['price']): string {
  return `${amount} ${currency}`
}

/** All but what depends on the other airlines. */
function whole({ sameFlight: _, ...offer }: Offer): string {
  return JSON.stringify(offer)
}

function differences(airline: string, truth: Said, seen: Said): string[] {
  const wrong: string[] = []
  for (const [id, price] of truth.prices)
    if (!seen.prices.has(id)) wrong.push(`${airline}: ${id} at ${price} is missing`)
  for (const [id, price] of seen.prices) {
    const right = truth.prices.get(id)
    if (right !== price) wrong.push(`${airline}: ${id} at ${price}, where ${right ?? 'no such offer'} is right`)
  }
  for (const [id, offer] of seen.offers) {
    if (truth.offers.get(id) !== offer) wrong.push(`${airline}: ${id} is ${offer}, not ${truth.offers.get(id)}`)
  }
  return wrong
}
