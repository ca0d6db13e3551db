import { type Static, Type } from 'typebox'
import {
  Allowance,
  Amount,
  CabinCode,
  City,
  Designator,
  HostDate,
  HostInstant,
  HostTime,
  Ok,
  Party,
  Ptc,
  Quote,
  Rbd,
  Screen,
} from './common.ts'
import { component, nullable, ref } from './ref.ts'

const question = {
  origin: City('From'),
  destination: City('To'),
  date: HostDate('Local date of departure'),
  party: Party,
}

export const AvailabilityEntry = component('AvailabilityEntry', question, 'One way on one day (AN)')

export const FareSearchEntry = component(
  'FareSearchEntry',
  { ...question, cabin: Type.Optional(CabinCode) },
  'One way on one day, priced (FS); without a cabin, both',
)

const flight = {
  carrier: Type.String({ pattern: '^[A-Z0-9]{2}$', examples: ['0N'] }),
  number: Type.String({ pattern: '^\\d{1,4}$', examples: ['761'] }),
  date: HostDate('Local date of departure'),
  from: City('From'),
  to: City('To'),
}

/** A flight with its times. */
export const flightProperties = {
  ...flight,
  departs: HostTime('Departure'),
  arrives: HostTime('Arrival'),
  dayChange: Type.Integer({ description: 'Days from `date` to the local date of arrival' }),
  equipment: Type.String({ description: 'IATA aircraft type', examples: ['333'] }),
}

export const Segment = component(
  'Segment',
  {
    ...flightProperties,
    status: Type.String({
      pattern: '^([A-Z]\\d( [A-Z]\\d)*)?$',
      description: 'Seats by booking class; 9 stands for nine or more. Cached: a sell may get fewer',
      examples: ['C9 D9 Y9 M4 K0'],
    }),
  },
  'A flight as a display shows it',
)
export type Segment = Static<typeof Segment>

const line = {
  line: Type.Integer({ minimum: 1, description: 'What a sell from the display names it by' }),
  segments: Type.Array(ref(Segment), { minItems: 1 }),
}

export const AvailabilityAnswer = component(
  'AvailabilityAnswer',
  {
    status: Ok,
    screen: Screen,
    lines: Type.Array(Type.Object(line, { additionalProperties: false }), { description: 'By departure' }),
  },
  'Flights and what is left in their classes',
)
export type AvailabilityAnswer = Static<typeof AvailabilityAnswer>

export const PassengerFare = component(
  'PassengerFare',
  {
    ptc: Ptc,
    count: Type.Integer({ minimum: 1, maximum: 9, description: 'How many travel' }),
    fare: Amount('Fare of one'),
    taxes: Type.Array(
      Type.Object(
        { code: Type.String({ examples: ['K3'] }), amount: Amount('Tax, fee or surcharge of one') },
        { additionalProperties: false },
      ),
    ),
    total: Amount('Fare and taxes of one'),
  },
  'Fare and tax lines of a passenger type',
)

export const Fare = component(
  'Fare',
  {
    quote: Quote('Names flights, class and party for /host/quote, /host/sell and the like'),
    good: HostInstant('Until when it can be sold'),
    rbd: Rbd,
    cabin: CabinCode,
    brand: Type.String({ examples: ['Value'] }),
    fareBasis: Type.String({ examples: ['MOWIN'] }),
    passengers: Type.Array(ref(PassengerFare), { minItems: 1 }),
    fare: Amount('Fares of all'),
    tax: Amount('Taxes of all'),
    total: Amount('What all pay'),
    bags: Type.Object(
      {
        cabin: Allowance,
        checked: Allowance,
        infant: Type.String({ ...Allowance, description: 'Checked, of an infant' }),
      },
      { additionalProperties: false, description: 'Baggage of each adult and child, and of each infant' },
    ),
    penalties: Type.Object(
      {
        change: nullable(Amount('Fee of each who has a seat'), 'null: not permitted'),
        refund: nullable(Amount('Fee of each who has a seat'), 'null: not permitted'),
      },
      { additionalProperties: false, description: 'Before departure' },
    ),
  },
  'What one booking class costs the party',
)
export type Fare = Static<typeof Fare>

export const FareSearchAnswer = component(
  'FareSearchAnswer',
  {
    status: Ok,
    screen: Screen,
    lines: Type.Array(
      Type.Object(
        { ...line, fares: Type.Array(ref(Fare), { minItems: 1, description: 'Cheapest first' }) },
        { additionalProperties: false },
      ),
      { description: 'By their cheapest fare' },
    ),
  },
  'Priced availability',
)
export type FareSearchAnswer = Static<typeof FareSearchAnswer>

const quoteEntry = { quote: Quote('A quote of a fare search') }

export const QuoteEntry = component('QuoteEntry', quoteEntry, 'A quote to look at')

export const QuoteAnswer = component(
  'QuoteAnswer',
  { status: Ok, screen: Screen, segments: Type.Array(ref(Segment), { minItems: 1 }), fare: ref(Fare) },
  'A quote as it stands now',
)
export type QuoteAnswer = Static<typeof QuoteAnswer>

export const Seat = component(
  'Seat',
  {
    seat: Designator,
    state: Type.Enum(['F', 'O', 'Z'], { description: 'F: free; O: occupied; Z: blocked, never sold' }),
    marks: Type.String({
      description:
        'PADIS 9825: W window, A aisle, 9 neither, E exit row, L leg room, K bulkhead, OW over a wing, AG near a galley, 1D restricted recline, 1A not for infants',
      examples: ['W OW'],
    }),
    amount: nullable(Amount('For one passenger; 0.00 where the fare includes it'), 'null: not for sale'),
  },
  'One seat',
)
export type Seat = Static<typeof Seat>

export const SeatMapAnswer = component(
  'SeatMapAnswer',
  {
    status: Ok,
    screen: Screen,
    maps: Type.Array(
      Type.Object(
        {
          ...flight,
          equipment: flightProperties.equipment,
          cabin: CabinCode,
          columns: Type.String({ pattern: '^[A-L ]+$', description: 'A space is an aisle', examples: ['ABC DEF'] }),
          rows: Type.Array(
            Type.Object(
              { row: Type.Integer({ minimum: 1, maximum: 99 }), seats: Type.Array(ref(Seat)) },
              { additionalProperties: false },
            ),
          ),
        },
        { additionalProperties: false },
      ),
      { description: 'One per flight, of the quote’s cabin' },
    ),
  },
  'Seats as they stand now (SM)',
)
export type SeatMapAnswer = Static<typeof SeatMapAnswer>

export const BaggageAnswer = component(
  'BaggageAnswer',
  {
    status: Ok,
    screen: Screen,
    flights: Type.Array(Type.Object(flight, { additionalProperties: false }), { minItems: 1 }),
    party: Type.Object(
      { ADT: Type.Integer(), CHD: Type.Integer(), INF: Type.Integer() },
      { additionalProperties: false },
    ),
    bags: Fare.properties.bags,
    excess: Type.Array(
      Type.Object(
        {
          text: Type.String({ description: 'What SSR XBAG says for it', examples: ['10K'] }),
          amount: Amount('One unit on all flights of the quote together'),
          most: Type.Integer({ minimum: 1, description: 'Units that one passenger may have' }),
        },
        { additionalProperties: false },
      ),
      { description: 'For adults and children' },
    ),
  },
  'Baggage of a quote',
)
export type BaggageAnswer = Static<typeof BaggageAnswer>
