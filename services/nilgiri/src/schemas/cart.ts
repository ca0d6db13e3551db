import { type Static, Type } from 'typebox'
import {
  Amount,
  Designator,
  HostDate,
  HostInstant,
  Locator,
  Ok,
  PassengerNumber,
  Ptc,
  Quote,
  Rbd,
  Reference,
  Screen,
} from './common.ts'
import { component, nullable, ref } from './ref.ts'
import { flightProperties, PassengerFare } from './shopping.ts'

export const SellEntry = component(
  'SellEntry',
  {
    quote: Type.Optional(Quote('A quote of a fare search; it stands for line and class')),
    line: Type.Optional(Type.Integer({ minimum: 1, description: 'A line of this session’s last display' })),
    rbd: Type.Optional(Rbd),
  },
  'A quote, or line and class of the last display (SS)',
)

export const SoldSegment = component(
  'SoldSegment',
  {
    ...flightProperties,
    rbd: Rbd,
    seats: Type.Integer({ minimum: 1, description: 'How many were asked for' }),
    status: Type.Enum(['SS', 'UC', 'HK', 'TK', 'HX'], {
      description:
        'SS: sold, not yet ended; UC: unable; HK: holding confirmed; TK: holding confirmed at times that have changed since it was first sold; HX: cancelled',
    }),
  },
  'A flight of a cart or a PNR',
)
export type SoldSegment = Static<typeof SoldSegment>

export const SellAnswer = component(
  'SellAnswer',
  {
    status: Ok,
    screen: Screen,
    segments: Type.Array(ref(SoldSegment), { description: 'With a UC among them the cart stays empty' }),
  },
  'What came of a sell',
)
export type SellAnswer = Static<typeof SellAnswer>

const NamePart = (examples: string[]) =>
  Type.String({ minLength: 1, maxLength: 60, pattern: '^[A-Z]+( [A-Z]+)*$', description: 'Capitals A to Z', examples })

export const Name = component(
  'Name',
  {
    surname: NamePart(['VERMA']),
    given: NamePart(['ASHA']),
    title: Type.Enum(['MR', 'MS', 'MRS', 'MISS', 'MSTR', 'DR']),
    ptc: Ptc,
  },
  'A name (NM)',
)
export type Name = Static<typeof Name>

export const NamesEntry = component(
  'NamesEntry',
  {
    names: Type.Array(ref(Name), { minItems: 1, maxItems: 9, description: 'The party of the quote' }),
    contact: Type.Object(
      {
        email: Type.String({ format: 'email', maxLength: 254, examples: ['asha@example.com'] }),
        phone: Type.String({ pattern: '^\\+[1-9]\\d{6,14}$', description: 'E.164', examples: ['+919810012345'] }),
      },
      { additionalProperties: false },
    ),
    reference: Reference,
  },
  'Names, contact (AP) and the seller’s reference (OS)',
)

export const NamesAnswer = component(
  'NamesAnswer',
  {
    status: Ok,
    screen: Screen,
    names: Type.Array(Type.Object({ passenger: PassengerNumber, ...Name.properties }, { additionalProperties: false })),
  },
  'The names of the cart with their numbers',
)

const BirthDate = Type.String({
  pattern: '^\\d{2}[A-Z]{3}\\d{4}$',
  description: 'Date of birth, DDMMMYYYY',
  examples: ['12APR1990'],
})

const docs = Type.Object(
  {
    ssr: Type.Literal('DOCS'),
    passenger: PassengerNumber,
    born: BirthDate,
    gender: Type.Enum(['F', 'M', 'X']),
    document: Type.Optional(
      Type.Object(
        {
          type: Type.Enum(['P', 'I'], { description: 'P: passport; I: identity card' }),
          number: Type.String({ pattern: '^[A-Z0-9]{5,20}$', examples: ['Z1234567'] }),
          country: Type.String({ pattern: '^[A-Z]{2}$', description: 'Issuing country', examples: ['IN'] }),
          expires: HostDate('Last day'),
        },
        { additionalProperties: false, description: 'Handed to the border authorities and never displayed' },
      ),
    ),
  },
  { additionalProperties: false, title: 'DOCS', description: 'Who a passenger is; every passenger needs one' },
)

const chld = Type.Object(
  { ssr: Type.Literal('CHLD'), passenger: PassengerNumber },
  { additionalProperties: false, title: 'CHLD', description: 'A child; every CHD needs one' },
)

const inft = Type.Object(
  { ssr: Type.Literal('INFT'), passenger: PassengerNumber, adult: PassengerNumber },
  {
    additionalProperties: false,
    title: 'INFT',
    description: 'An infant and whose lap it sits on; every INF needs one',
  },
)

const rqst = Type.Object(
  {
    ssr: Type.Literal('RQST'),
    passenger: PassengerNumber,
    segment: Type.Integer({ minimum: 1, maximum: 4, description: 'The flight’s place in the cart' }),
    seat: Designator,
  },
  { additionalProperties: false, title: 'RQST', description: 'A seat' },
)

const xbag = Type.Object(
  {
    ssr: Type.Literal('XBAG'),
    passenger: PassengerNumber,
    text: Type.String({ pattern: '^[0-9A-Z]{1,12}$', description: 'As /host/baggage has it', examples: ['10K'] }),
    units: Type.Integer({ minimum: 1, maximum: 9 }),
  },
  { additionalProperties: false, title: 'XBAG', description: 'Extra baggage, on all flights of the cart' },
)

export const SsrRequest = Type.Union([docs, chld, inft, rqst, xbag])
export type SsrRequest = Static<typeof SsrRequest>

export const SsrEntry = component(
  'SsrEntry',
  { requests: Type.Array(SsrRequest, { minItems: 1, maxItems: 99 }) },
  'Special services (SR)',
)

export const SsrAnswer = component(
  'SsrAnswer',
  {
    status: Ok,
    screen: Screen,
    requests: Type.Array(
      Type.Object(
        {
          ssr: Type.String({ examples: ['RQST'] }),
          passenger: PassengerNumber,
          state: Type.Enum(['HK', 'UC', 'NO'], {
            description: 'HK: confirmed; UC: unable, it is taken; NO: there is no such thing',
          }),
          segment: nullable(Type.Integer(), 'null: of all flights'),
          text: Type.String({ description: 'Seat or baggage; empty for others', examples: ['14A'] }),
        },
        { additionalProperties: false },
      ),
      { description: 'In the order asked; what is not HK is not in the cart' },
    ),
  },
  'What became of each request',
)
export type SsrAnswer = Static<typeof SsrAnswer>

const ExtraLine = Type.Object(
  {
    passenger: PassengerNumber,
    ssr: Type.Enum(['RQST', 'XBAG']),
    segment: nullable(Type.Integer(), 'null: all flights'),
    text: Type.String({ examples: ['14A'] }),
    units: Type.Integer({ minimum: 1 }),
    amount: Amount('Of all units'),
  },
  { additionalProperties: false },
)

const priceProperties = {
  fare: Amount('Fares'),
  tax: Amount('Taxes, fees and surcharges'),
  seats: Amount('Seats'),
  bags: Amount('Extra baggage'),
  total: Amount('Everything'),
}

export const PriceAnswer = component(
  'PriceAnswer',
  {
    status: Ok,
    screen: Screen,
    currency: Type.Enum(['AED']),
    passengers: Type.Array(ref(PassengerFare), { description: 'Fare and tax lines' }),
    extras: Type.Array(ExtraLine),
    ...priceProperties,
  },
  'What the cart costs (FX)',
)

export const EndEntry = component(
  'EndEntry',
  {
    formOfPayment: Type.Optional(
      Type.Enum(['CASH', 'INVAGT'], { description: 'Tickets at once; left out: held until the ticketing time limit' }),
    ),
  },
  'End transaction (ET)',
)

const pnrName = {
  locator: Type.Optional(Locator),
  reference: Type.Optional(Reference),
}

export const PnrEntry = component('PnrEntry', pnrName, 'A PNR, by record locator or by the seller’s reference')

export const TicketEntry = component(
  'TicketEntry',
  {
    ...pnrName,
    formOfPayment: Type.Enum(['CASH', 'INVAGT']),
    total: Type.Optional(Amount('What the seller expects to pay; another total is refused with FARE CHANGED')),
  },
  'Payment of a held PNR (TTP)',
)

export const Pnr = component(
  'Pnr',
  {
    status: Ok,
    screen: Screen,
    locator: Locator,
    reference: Reference,
    state: Type.Enum(['HELD', 'TICKETED', 'CANCELLED', 'LAPSED'], { description: 'LAPSED: not ticketed in time' }),
    timeLimit: nullable(HostInstant('Ticketing time limit'), 'null unless held'),
    segments: Type.Array(ref(SoldSegment)),
    names: NamesAnswer.properties.names,
    contact: NamesEntry.properties.contact,
    extras: Type.Array(ExtraLine),
    currency: Type.Enum(['AED']),
    ...priceProperties,
    documents: Type.Array(
      Type.Object(
        {
          kind: Type.Enum(['TKT', 'EMD'], { description: 'TKT: the flights; EMD: seats and extra baggage' }),
          passenger: PassengerNumber,
          number: Type.String({ pattern: '^\\d{13}$', examples: ['0002400000010'] }),
        },
        { additionalProperties: false },
      ),
      { description: 'Only while ticketed' },
    ),
    refund: nullable(Amount('Given back'), 'null unless cancelled'),
    fee: nullable(Amount('Kept'), 'null unless cancelled'),
  },
  'A PNR as the host keeps it',
)
export type Pnr = Static<typeof Pnr>

export const RefundAnswer = component(
  'RefundAnswer',
  {
    status: Ok,
    screen: Screen,
    locator: Locator,
    currency: Type.Enum(['AED']),
    refund: Amount('What the seller gets back'),
    fee: Amount('What Nilgiri keeps; refund and fee are what was paid'),
  },
  'What cancelling gives back',
)
export type RefundAnswer = Static<typeof RefundAnswer>
