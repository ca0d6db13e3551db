import { type Static, Type } from 'typebox'
import { AirportCode, BagKind, FareKey, FlightKey, Instant, PaxType, Price } from './common.ts'
import { component, nullable, ref } from './ref.ts'

export const PaxCount = component(
  'PaxCount',
  {
    adt: Type.Integer({ minimum: 1, maximum: 9, description: 'Adults' }),
    chd: Type.Optional(Type.Integer({ minimum: 0, maximum: 8, description: 'Children; none when left out' })),
    inf: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 9, description: 'Infants, at most one per adult; none when left out' }),
    ),
  },
  'Who travels: at most nine in all',
)
export type PaxCount = Static<typeof PaxCount>

export const FlightSearch = component(
  'FlightSearch',
  {
    from: AirportCode('Departure'),
    to: AirportCode('Arrival'),
    date: Type.String({ format: 'date', description: 'Local date at the origin, YYYY-MM-DD' }),
    pax: ref(PaxCount),
  },
  'One way, one day',
)
export type FlightSearch = Static<typeof FlightSearch>

const AirportTime = (description: string) =>
  Type.Object(
    {
      utc: Instant('The instant'),
      local: Type.String({
        pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}$',
        description: 'The same on the airport’s clocks',
        examples: ['2030-01-15T06:10:00'],
      }),
      zone: Type.String({ description: 'IANA time zone of the airport', examples: ['Asia/Kolkata'] }),
    },
    { additionalProperties: false, description },
  )

export const Leg = component(
  'Leg',
  {
    flight_key: FlightKey,
    flight_no: Type.String({ pattern: '^[A-Z0-9]{3,7}$', description: 'As sold', examples: ['0U2001'] }),
    carrier: Type.String({ pattern: '^[A-Z0-9]{2}$', description: 'Who sells it', examples: ['0U'] }),
    operated_by: Type.String({ pattern: '^[A-Z0-9]{2}$', description: 'Who flies it', examples: ['0U'] }),
    from: AirportCode('Departure'),
    to: AirportCode('Arrival'),
    departs: AirportTime('Off blocks'),
    arrives: AirportTime('On blocks'),
    duration_min: Type.Integer({ minimum: 1, description: 'Block time in minutes' }),
    aircraft: Type.String({ description: 'IATA aircraft type code', examples: ['32N'] }),
  },
  'One flight',
)
export type Leg = Static<typeof Leg>

export const Bag = component(
  'Bag',
  {
    kind: BagKind,
    pieces: nullable(Type.Integer({ minimum: 0 }), 'null: weight alone counts'),
    kg: nullable(Type.Integer({ minimum: 0 }), 'Per piece, or in all where pieces is null; null: no limit is set'),
    pax_types: Type.Array(PaxType, { description: 'Who has it, each the whole of it' }),
  },
  'Baggage that comes with a fare',
)
export type Bag = Static<typeof Bag>

export const PaxFare = component(
  'PaxFare',
  {
    pax_type: PaxType,
    count: Type.Integer({ minimum: 1, description: 'How many travel at this price' }),
    base: ref(Price, { description: 'For one' }),
    taxes: ref(Price, { description: 'For one' }),
    total: ref(Price, { description: 'For one' }),
  },
  'What one type of passenger pays',
)
export type PaxFare = Static<typeof PaxFare>

export const Fare = component(
  'Fare',
  {
    fare_key: FareKey,
    fare_name: Type.String({ examples: ['Go'] }),
    fare_basis: Type.String({ examples: ['VOWIN'] }),
    booking_class: Type.String({ pattern: '^[A-Z]$', description: 'RBD letter', examples: ['V'] }),
    base: ref(Price, { description: 'For the whole party, without taxes' }),
    taxes: ref(Price, { description: 'For the whole party' }),
    total: ref(Price, { description: 'For the whole party' }),
    per_pax: Type.Array(ref(PaxFare), { description: 'One entry per type that travels' }),
    bags: Type.Array(ref(Bag)),
    change_fee: nullable(ref(Price), 'Per passenger; null: no changes'),
    cancel_fee: nullable(ref(Price), 'Per passenger; null: nothing is given back'),
    seats_left: Type.Integer({ minimum: 0, maximum: 9, description: '9 stands for nine or more' }),
    valid_until: Instant('Until when the fare can be booked'),
  },
  'One price for one journey and party',
)
export type Fare = Static<typeof Fare>

const journeyProperties = {
  from: AirportCode('Departure'),
  to: AirportCode('Arrival'),
  duration_min: Type.Integer({ minimum: 1, description: 'From first departure to last arrival, in minutes' }),
  legs: Type.Array(ref(Leg), { minItems: 1 }),
}

export const Journey = component(
  'Journey',
  { ...journeyProperties, fares: Type.Array(ref(Fare), { minItems: 1, description: 'Cheapest first' }) },
  'One way to get there, with its fares',
)
export type Journey = Static<typeof Journey>

export const FlightResults = component(
  'FlightResults',
  { journeys: Type.Array(ref(Journey), { description: 'Cheapest first; empty when Monsoon does not fly there' }) },
  'What a search found',
)
export type FlightResults = Static<typeof FlightResults>

export const TaxLine = component(
  'TaxLine',
  {
    pax_type: PaxType,
    code: Type.String({ description: 'YQ fuel, IN and P2 airports, K3 goods and services tax', examples: ['K3'] }),
    price: ref(Price, { description: 'For one passenger of the type' }),
  },
  'A tax, fee or surcharge',
)

export const QuoteRequest = component('QuoteRequest', { fare_key: FareKey }, 'Which fare to price')

export const Quote = component(
  'Quote',
  {
    journey: Type.Object(journeyProperties, { additionalProperties: false }),
    fare: ref(Fare),
    tax_lines: Type.Array(ref(TaxLine), { description: 'What the taxes of the fare are made of' }),
  },
  'A fare as it stands now',
)
export type Quote = Static<typeof Quote>
