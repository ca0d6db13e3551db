import type { Registry } from '@prometheus-io/client'
import { answerOrigins, partOrigins, type ShoppingMeter } from '../shopping/meter.ts'
import { createCounter } from './series.ts'

/** Counts where answers and airlines' parts of them come from. */
export function createShoppingMeter(registry: Registry, airlines: readonly string[]): ShoppingMeter {
  const answered = createCounter(registry, {
    name: 'fanfare_search_answers_total',
    help: 'Answers to searches: ready in memory or Redis, made anew (miss), or made for another who asked the same (collapsed)',
    labels: { from: answerOrigins },
  })
  const part = createCounter(registry, {
    name: 'fanfare_search_parts_total',
    help: 'Airlines’ offers of one slice: fresh from memory or Redis, stale, asked for (miss), asked for by another already (collapsed), or not asked since the airline failed just now (failed)',
    labels: { airline: airlines, from: partOrigins },
  })
  const late = createCounter(registry, {
    name: 'fanfare_search_late_answers_total',
    help: 'Airlines’ answers that came after their search was answered, and filled the cache',
    labels: { airline: airlines },
  })
  return {
    answered: (from) => answered({ from }),
    part: (airline, from) => part({ airline, from }),
    late: (airline) => late({ airline }),
  }
}
