import { type Static, Type } from 'typebox'
import { AirlineName } from './offer.ts'
import { component, nullable, oneOf, ref } from './ref.ts'

export const Airline = component(
  'Airline',
  {
    name: AirlineName,
    designator: Type.String({
      pattern: '^[A-Z0-9]{2}$',
      description: 'Two characters, as in flight numbers; fictional',
      examples: ['0S'],
    }),
    title: Type.String({ description: 'The airline’s full name', examples: ['Saffron Airways'] }),
    currency: Type.String({ pattern: '^[A-Z]{3}$', description: 'ISO 4217 code it quotes in' }),
    dialect: Type.String({ description: 'How it is spoken to', examples: ['REST JSON, camelCase, API key'] }),
    capabilities: Type.Object(
      {
        hold: Type.Boolean({ description: 'Keeps seats without payment' }),
        seatSelection: Type.Boolean(),
        baggage: oneOf(['weight', 'piece'], { description: 'What its allowances count' }),
        connections: Type.Boolean({ description: 'Sells journeys of more than one flight' }),
      },
      { additionalProperties: false },
    ),
  },
  'An airline and what it can do',
)
export type Airline = Static<typeof Airline>

/** In the order of a journey from the first look to the way back. */
export const Operation = oneOf(
  ['search', 'price', 'seat_maps', 'baggage', 'hold', 'purchase', 'pay', 'find_order', 'quote_cancellation', 'cancel'],
  { description: 'What is asked of an airline: purchase buys at once, pay buys what is held' },
)
export type Operation = Static<typeof Operation>

export const BreakerState = oneOf(['closed', 'half_open', 'open'], {
  description:
    'The circuit breaker: closed lets calls through, open none, half_open a few to see whether the airline is back',
})
export type BreakerState = Static<typeof BreakerState>

export const OperationHealth = component(
  'OperationHealth',
  {
    operation: Operation,
    breaker: nullable(BreakerState, 'null: the operation has none'),
    calls: Type.Integer({
      minimum: 0,
      description: 'Calls that ended in the last minute, retries and hedges among them',
    }),
    failures: Type.Integer({ minimum: 0, description: 'Of these, those that the airline did not answer' }),
    p50Ms: nullable(
      Type.Number({ minimum: 0, description: 'Median of the last 128 durations, in milliseconds' }),
      'null: none yet',
    ),
    p95Ms: nullable(
      Type.Number({ minimum: 0, description: 'Their 95th percentile, in milliseconds' }),
      'null: none yet',
    ),
    lastSuccessAt: nullable(Type.String({ format: 'date-time' }), 'null: none yet'),
    lastFailureAt: nullable(Type.String({ format: 'date-time' }), 'null: none yet'),
  },
  'How an airline’s service answered one kind of call lately',
)
export type OperationHealth = Static<typeof OperationHealth>

export const AirlineHealth = component(
  'AirlineHealth',
  {
    status: oneOf(['up', 'degraded', 'down', 'unknown'], {
      description:
        'By the calls of the last minute: up; degraded: at least one in twenty fails, or a circuit breaker is not closed; down: all fail, or are not sent any more; unknown: none yet',
    }),
    lastSuccessAt: nullable(Type.String({ format: 'date-time' }), 'null: none yet'),
    lastFailureAt: nullable(Type.String({ format: 'date-time' }), 'null: none yet'),
    lastFailure: nullable(Type.String(), 'What the last failure was; null: none yet'),
    operations: Type.Array(ref(OperationHealth), { description: 'What it was asked since the gateway started' }),
  },
  'How an airline’s service answered lately',
)
export type AirlineHealth = Static<typeof AirlineHealth>

export const AirlineList = component(
  'AirlineList',
  {
    airlines: Type.Array(
      Type.Object({ ...Airline.properties, health: ref(AirlineHealth) }, { additionalProperties: false }),
    ),
    extraCallsLeft: nullable(
      Type.Number({
        minimum: 0,
        description: 'Retries and hedges that this gateway can send now, over all airlines; ten first calls earn one',
      }),
      'null: it sends none',
    ),
  },
  'The airlines that Fanfare asks',
)
export type AirlineList = Static<typeof AirlineList>
