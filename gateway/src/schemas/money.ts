import { type Static, Type } from 'typebox'
import { component } from './ref.ts'

export const CurrencyCode = Type.String({
  pattern: '^[A-Z]{3}$',
  description: 'ISO 4217 currency code',
  examples: ['INR'],
})

export const Money = component(
  'Money',
  {
    amount: Type.String({
      pattern: '^\\d{1,12}(\\.\\d{1,3})?$',
      description: "A decimal string with the currency's usual number of decimals; never a float, never negative",
      examples: ['4250.00'],
    }),
    currency: CurrencyCode,
  },
  'An amount of money',
)
export type Money = Static<typeof Money>
