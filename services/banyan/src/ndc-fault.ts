/**
 * Codes of the errors that Banyan answers with. Numbers are those of PADIS code list 9321; `0Z…` are Banyan's own, for
 * which the list has none.
 */
export const ndcErrors = {
  '2': 'Seat not available on the requested class or zone',
  '3': 'Invalid seat request',
  '107': 'Invalid airline designator',
  '129': 'No PNR match found',
  '368': 'Not authorised',
  '911': 'Unable to process: system error',
  '912': 'Incomplete message: data missing in query',
  '913': 'Item or data not found or not existing in processing host',
  '914': 'Invalid format or data',
  '915': 'No action: processing host cannot support function',
  '917': 'Message size exceeded',
  '0Z01': 'Unknown airport',
  '0Z02': 'Offer expired',
  '0Z03': 'Sold out',
  '0Z04': 'Price changed',
  '0Z05': 'Baggage service not offered',
  '0Z06': 'Passengers do not match the offer',
  '0Z07': 'Client reference already used for another order',
  '0Z08': 'Payment time limit passed',
  '0Z09': 'Order does not wait for payment',
  '0Z10': 'Order cannot be cancelled',
} as const

export type NdcErrorCode = keyof typeof ndcErrors

/** Why a message is answered with an Error element. Nothing has changed then. */
export class NdcFault extends Error {
  override name = 'NdcFault'
  readonly code: NdcErrorCode
  /** Element of the request that is at fault. */
  readonly tag: string | undefined

  constructor(code: NdcErrorCode, message: string, tag?: string) {
    super(message)
    this.code = code
    this.tag = tag
  }
}
