import { type Static, Type } from 'typebox'
import { Money } from './money.ts'
import { IncludedBaggage, SegmentId } from './offer.ts'
import { PassengerId } from './passenger.ts'
import { component, nullable, oneOf, ref } from './ref.ts'

export const ServiceId = Type.String({
  minLength: 3,
  maxLength: 300,
  pattern: '^[A-Za-z0-9~._-]+$',
  description: 'Names one thing for sale: airline, the first segment of its offer, the airline’s own code',
  examples: ['saffron~0S101-2030-01-15-DEL~XBAG15'],
})

export const PurchasableBaggage = component(
  'PurchasableBaggage',
  {
    serviceId: ServiceId,
    kind: oneOf(['carry_on', 'checked']),
    pieces: nullable(Type.Integer({ minimum: 0 }), 'Pieces one unit adds; null where the airline counts weight alone'),
    weightKg: nullable(Type.Integer({ minimum: 1 }), 'Kilograms one unit adds; null where the airline does not say'),
    segmentIds: Type.Array(SegmentId, { description: 'The flights one purchase holds for' }),
    passengerIds: Type.Array(PassengerId, { description: 'Who may buy it' }),
    price: ref(Money, { description: 'Per unit, for all of segmentIds together' }),
    maxQuantity: Type.Integer({ minimum: 1, description: 'Units one passenger may buy' }),
  },
  'Baggage for sale',
)
export type PurchasableBaggage = Static<typeof PurchasableBaggage>

export const BaggageOptions = component(
  'BaggageOptions',
  { included: Type.Array(ref(IncludedBaggage)), purchasable: Type.Array(ref(PurchasableBaggage)) },
  'What baggage comes with the fare and what can be bought',
)
export type BaggageOptions = Static<typeof BaggageOptions>
