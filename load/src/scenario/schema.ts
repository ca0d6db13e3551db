import { type Static, Type } from 'typebox'

const share = (value: number, description: string) =>
  Type.Number({ minimum: 0, maximum: 1, default: value, description })
const seconds = (value: number, description: string) =>
  Type.Number({ minimum: 0, maximum: 86_400, default: value, description })
const closed = { additionalProperties: false }
/** For an object whose fields all have defaults: left out, it is made of them. */
const group = { ...closed, default: {} }

export const Stage = Type.Object(
  {
    rate: Type.Number({ minimum: 0, maximum: 20_000, description: 'Searches per second; at the end of a ramp' }),
    from: Type.Optional(
      Type.Number({ minimum: 0, maximum: 20_000, description: 'Rate at the beginning of a ramp; left out: no ramp' }),
    ),
    seconds: Type.Number({ exclusiveMinimum: 0, maximum: 86_400 }),
  },
  closed,
)
/** A stretch of time at one rate, or with a rate that moves evenly from one to another. */
export type Stage = Static<typeof Stage>

export const Party = Type.Object(
  {
    adults: Type.Integer({ minimum: 1, maximum: 9 }),
    children: Type.Integer({ minimum: 0, maximum: 8, default: 0 }),
    infants: Type.Integer({ minimum: 0, maximum: 4, default: 0 }),
    weight: Type.Number({ exclusiveMinimum: 0, description: 'How often, compared with the others' }),
  },
  closed,
)
/** Who travels together, and how often such a party comes. */
export type Party = Static<typeof Party>

const Routes = Type.Object(
  {
    popularity: Type.Enum(['zipf', 'uniform'], { default: 'zipf' }),
    exponent: Type.Number({
      minimum: 0,
      maximum: 5,
      default: 1,
      description: 'Of zipf: the n-th most flown route is searched 1/n^exponent as often as the first',
    }),
    most: Type.Optional(
      Type.Integer({ minimum: 1, description: 'Only so many of the most flown routes; left out: all' }),
    ),
    only: Type.Optional(
      Type.Array(Type.String({ pattern: '^[A-Z]{3}-[A-Z]{3}$', examples: ['DEL-BOM'] }), {
        minItems: 1,
        description: 'These routes, the most popular first, in place of the world’s',
      }),
    ),
  },
  group,
)

const DaysAhead = Type.Object(
  {
    median: Type.Number({ minimum: 1, maximum: 330, default: 21 }),
    sigma: Type.Number({ minimum: 0, maximum: 3, default: 1.1, description: 'Of the logarithm; 0: always the median' }),
    least: Type.Integer({ minimum: 2, maximum: 320, default: 2 }),
    most: Type.Integer({ minimum: 2, maximum: 320, default: 300 }),
  },
  group,
)

const Return = Type.Object(
  {
    share: share(0.3, 'Searches that ask for the way back too'),
    leastDays: Type.Integer({ minimum: 3, maximum: 25, default: 3 }),
    mostDays: Type.Integer({ minimum: 3, maximum: 25, default: 14 }),
  },
  group,
)

const Look = Type.Object(
  {
    share: share(0.15, 'Searches after which somebody looks at itineraries without booking'),
    most: Type.Integer({ minimum: 1, maximum: 10, default: 3, description: 'Itineraries that one looks at, at most' }),
  },
  group,
)

const Book = Type.Object(
  {
    seats: share(0.6, 'Bookings with chosen seats'),
    bags: share(0.4, 'Bookings with bought baggage'),
    hold: share(0.4, 'Bookings that are held first, where all their airlines hold'),
    pay: share(0.6, 'Held bookings that are paid; the others are left to lapse'),
    cancel: share(0.1, 'Confirmed bookings that are cancelled'),
  },
  group,
)

const Think = Type.Object(
  {
    look: seconds(1, 'Before each itinerary'),
    book: seconds(2, 'Before booking'),
    pay: seconds(2, 'Before paying what is held'),
    cancel: seconds(1, 'Before asking what a cancellation gives back, and before cancelling'),
  },
  { ...group, description: 'Seconds on average; drawn exponentially, at most five times the average' },
)

export const Scenario = Type.Object(
  {
    title: Type.String({ minLength: 1, maxLength: 100, default: 'A steady day' }),
    seed: Type.String({ minLength: 1, maxLength: 100, default: 'fanfare' }),
    stages: Type.Array(Stage, { minItems: 1, maxItems: 100, default: [{ rate: 10, seconds: 30 }] }),
    lookToBook: Type.Number({ minimum: 1, default: 200, description: 'Searches per booking' }),
    routes: Routes,
    daysAhead: DaysAhead,
    return: Return,
    parties: Type.Array(Party, {
      minItems: 1,
      default: [
        { adults: 1, weight: 62 },
        { adults: 2, weight: 22 },
        { adults: 2, children: 1, weight: 7 },
        { adults: 2, children: 2, weight: 4 },
        { adults: 1, infants: 1, weight: 3 },
        { adults: 4, weight: 2 },
      ],
    }),
    businessShare: share(0.05, 'Searches for business class; the others are for economy'),
    currency: Type.String({ pattern: '^[A-Z]{3}$', default: 'INR' }),
    look: Look,
    book: Book,
    think: Think,
    timeoutSeconds: Type.Number({
      exclusiveMinimum: 0,
      maximum: 120,
      default: 10,
      description: 'How long an answer is waited for; bookings have at least 40 s',
    }),
    inFlight: Type.Integer({
      minimum: 1,
      maximum: 10_000,
      default: 500,
      description: 'Requests under way at most; one more is not sent, which counts as an error',
    }),
    drainSeconds: seconds(15, 'How long journeys may go on after the last search'),
    slo: Type.Array(Type.String(), { default: [], description: 'Objectives, as for --slo' }),
  },
  closed,
)
/** What is asked, how often, by whom. */
export type Scenario = Static<typeof Scenario>
