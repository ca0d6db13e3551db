import type { Order } from '@fanfare/kit'
import type { Pnr } from './schemas/cart.ts'

/** First three digits of every document; no airline's. */
const prefix = '000'

/** What the other ten begin with. */
const forms = { TKT: '24', EMD: '40' }

/** A ticket for each passenger of a paid order, and an EMD for each who bought a seat or baggage; [] unless it is paid. */
export function documentsOf({ status, number, passengers, seats, baggage }: Order): Pnr['documents'] {
  if (status !== 'confirmed') return []
  const paying = new Set([...seats, ...baggage].filter(({ price }) => price > 0).map(({ passengerId }) => passengerId))
  const document = (kind: 'TKT' | 'EMD', passenger: number) => {
    const serial = String(number * 10 + passenger).padStart(8, '0')
    return { kind, passenger, number: `${prefix}${forms[kind]}${serial}` }
  }
  return [
    ...passengers.map(({ id }) => document('TKT', Number(id))),
    ...passengers.filter(({ id }) => paying.has(id)).map(({ id }) => document('EMD', Number(id))),
  ]
}
