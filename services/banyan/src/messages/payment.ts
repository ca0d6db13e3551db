import { readAmount } from '../money.ts'
import { childrenOf, required, type XmlNode } from '../xml-reader.ts'

/** What a request's PaymentFunctions pay in all, minor units; null where it has none. Throws NdcFault 912 or 914. */
export function readPayment(request: XmlNode): number | null {
  const payments = childrenOf(request, 'PaymentFunctions')
  if (payments.length === 0) return null
  return payments.reduce((sum, payment) => {
    const details = required(payment, 'PaymentProcessingDetails')
    required(details, 'PaymentMethod')
    return sum + readAmount(required(details, 'Amount'))
  }, 0)
}
