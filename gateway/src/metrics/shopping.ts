import { Gauge, type Registry } from '@prometheus-io/client'
import { Source } from '../schemas/source.ts'
import { type AnswerOrigin, partOrigins, type ShoppingMeter } from '../shopping/meter.ts'
import { createCounter, createKeptCounter } from './series.ts'

/** Counts where answers and airlines' parts of them come from. */
export function createShoppingMeter(registry: Registry, airlines: readonly string[]): ShoppingMeter {
  const answers = createKeptCounter(registry, {
    name: 'fanfare_search_answers_total',
    help: 'Answers to searches: ready in memory or Redis, made anew (miss), made for another who asked the same (collapsed), or made for one request that asked for faults (alone)',
    labelNames: ['from'],
  })
  const answered = {
    memory: answers.series({ from: 'memory' }),
    redis: answers.series({ from: 'redis' }),
    miss: answers.series({ from: 'miss' }),
    collapsed: answers.series({ from: 'collapsed' }),
    alone: answers.series({ from: 'alone' }),
  } satisfies Record<AnswerOrigin, () => void>
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
  const malformed = createCounter(registry, {
    name: 'fanfare_malformed_answers_total',
    help: 'Airlines’ answers that could not be read or made no sense, and were left out',
    labels: { airline: airlines, operation: Source.properties.operation.enum },
  })
  const streams = new Gauge({
    name: 'fanfare_event_streams_open',
    help: 'Searches whose client is sent events',
    registers: [registry],
  })
  return {
    malformed: (airline, operation) => malformed({ airline, operation }),
    streamOpened: () => streams.inc(),
    streamClosed: () => streams.dec(),
    answered: (from) => answered[from](),
    part: (airline, from) => part({ airline, from }),
    late: (airline) => late({ airline }),
  }
}
