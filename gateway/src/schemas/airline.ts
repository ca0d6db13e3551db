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

export const AirlineHealth = component(
  'AirlineHealth',
  {
    status: oneOf(['up', 'degraded', 'down', 'unknown'], {
      description: 'By its last calls: up, some failing, all failing, none yet',
    }),
    lastSuccessAt: nullable(Type.String({ format: 'date-time' }), 'null: none yet'),
    lastFailureAt: nullable(Type.String({ format: 'date-time' }), 'null: none yet'),
    lastFailure: nullable(Type.String(), 'What the last failure was; null: none yet'),
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
  },
  'The airlines that Fanfare asks',
)
export type AirlineList = Static<typeof AirlineList>
