import type { CancellationQuote } from '@fanfare/kit'
import { amount } from '../money.ts'
import type { Tree } from '../xml-writer.ts'

/** What cancelling changes of an order's price: old price − refund = new price, which is the fee. All in minor units. */
export function priceDifferential(total: number, { refund, fee }: CancellationQuote): Tree {
  return {
    DifferentialTypeCode: refund > 0 ? 'Refund' : 'Void',
    DiffPrice: {
      Price: { DueByAirlineAmount: amount(refund), Fee: { Amount: amount(fee) }, TotalAmount: amount(-refund) },
    },
    NewPrice: { Price: { TotalAmount: amount(fee) } },
    OldPrice: { Price: { TotalAmount: amount(total) } },
  }
}
