import { type Static, Type } from 'typebox'
import { component, oneOf } from './ref.ts'

export const PassengerType = oneOf(['adult', 'child', 'infant'], {
  description: 'adult: 12 and over; child: 2 to 11; infant: under 2 on the day of travel, on an adult’s lap',
})
export type PassengerType = Static<typeof PassengerType>

export const PassengerId = Type.String({
  pattern: '^p[1-9]$',
  description: 'A passenger of this search or booking: p1…pn, adults first, then children, then infants',
  examples: ['p1'],
})

export const Passenger = component(
  'Passenger',
  {
    id: PassengerId,
    type: PassengerType,
    title: oneOf(['mr', 'ms', 'mrs', 'miss', 'mstr', 'dr'], { description: 'Form of address' }),
    givenName: Type.String({
      minLength: 1,
      maxLength: 60,
      pattern: "^[\\p{L}][\\p{L}\\p{M} .'’-]*$",
      description: 'As in the travel document',
      examples: ['Asha'],
    }),
    familyName: Type.String({
      minLength: 1,
      maxLength: 60,
      pattern: "^[\\p{L}][\\p{L}\\p{M} .'’-]*$",
      description: 'As in the travel document',
      examples: ['Verma'],
    }),
    bornOn: Type.String({ format: 'date', description: 'Date of birth, YYYY-MM-DD', examples: ['1990-04-12'] }),
    gender: oneOf(['female', 'male', 'unspecified'], { description: 'As in the travel document' }),
    document: Type.Optional(
      Type.Object(
        {
          type: oneOf(['passport', 'identity_card']),
          number: Type.String({ pattern: '^[A-Z0-9]{5,20}$', examples: ['Z1234567'] }),
          country: Type.String({
            pattern: '^[A-Z]{2}$',
            description: 'Issuing country, ISO 3166-1 alpha-2',
            examples: ['IN'],
          }),
          expiresOn: Type.String({ format: 'date', examples: ['2033-01-31'] }),
        },
        { additionalProperties: false, description: 'Travel document; left out where none is needed' },
      ),
    ),
  },
  'A traveller of a booking',
)
export type Passenger = Static<typeof Passenger>

export const Contact = component(
  'Contact',
  {
    email: Type.String({ format: 'email', maxLength: 254, examples: ['asha@example.com'] }),
    phone: Type.String({ pattern: '^\\+[1-9]\\d{6,14}$', description: 'E.164', examples: ['+919810012345'] }),
  },
  'How airlines reach the travellers',
)
export type Contact = Static<typeof Contact>
