import { crc32 } from 'node:zlib'
import { LRUCache } from 'lru-cache'
import type { Recall } from '../../airlines/connector.ts'
import type { Offer } from '../../schemas/offer.ts'
import type { OfferList } from './offer-list.ts'

/** What is remembered of airlines' answers to searches: who gets the same bytes again need not read them again. */
export interface KnownAnswers {
  /** For one call; `key` names the question. */
  about(key: string): AnswerMemory
}

/** What is remembered for one call. */
export interface AnswerMemory {
  recall: Recall
  /** The list that was made of the answer which these offers stand for; null where they were read of it just now. */
  known(offers: readonly Offer[]): OfferList | null
  /** Tells what was made of offers that were read just now. */
  learn(offers: readonly Offer[], list: OfferList): void
}

/** Memory for answers that came again, with what was made of them, in bytes. */
const keptBytes = 64 * 1024 * 1024

/** What a listed offer takes besides its pieces, with its prices in another currency, in bytes; measured. */
const bytesPerOffer = 1_000

/** Questions whose last answer is known by its checksum alone. */
const maxSeen = 20_000

interface Known {
  answer: readonly Buffer[]
  list: OfferList
}

/**
 * Opens the memory of a gateway. An answer is kept once its question was answered with the same bytes twice; one that never
 * comes again leaves no more than a checksum, or searches that nobody repeats would fill the memory.
 */
export function createKnownAnswers(maxBytes = keptBytes): KnownAnswers {
  const seen = new LRUCache<string, number>({ max: maxSeen })
  const kept = new LRUCache<string, Known>({
    maxSize: maxBytes,
    sizeCalculation: ({ answer, list }, key) =>
      answer.reduce((sum, { length }) => sum + length, key.length) +
      list.body.length +
      list.offers.length * bytesPerOffer,
  })

  return {
    about(key) {
      /** By the very array that was given for it: a call may be answered more than once, where it was sent again. */
      const given = new Map<readonly Offer[], { answer: readonly Buffer[]; list: OfferList | null }>()
      return {
        recall(answer, read) {
          const last = kept.get(key)
          const list = last && isSame(last.answer, answer) ? last.list : null
          const offers = list ? [] : read()
          given.set(offers, { answer, list })
          return offers
        },
        known: (offers) => given.get(offers)?.list ?? null,
        learn(offers, list) {
          const answer = given.get(offers)?.answer
          if (answer === undefined) return
          const checksum = answer.reduce((sum, bytes) => crc32(bytes, sum), 0)
          if (seen.get(key) === checksum) kept.set(key, { answer, list })
          else {
            seen.set(key, checksum)
            kept.delete(key)
          }
        },
      }
    },
  }
}

function isSame(some: readonly Buffer[], others: readonly Buffer[]): boolean {
  return some.length === others.length && some.every((bytes, index) => others[index]?.equals(bytes))
}
