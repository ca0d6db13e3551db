import type { Refusal, RefusalCode } from '@fanfare/kit'
import { decimal } from './money.ts'
import { type NdcErrorCode, NdcFault } from './ndc-fault.ts'

/** Banyan's words for a refusal. */
export function refusalFault(refusal: Refusal): NdcFault {
  const { message, currentTotal } = refusal
  const text = currentTotal === undefined ? message : `the total is now ${decimal(currentTotal)}`
  return new NdcFault(errorCode(refusal.code), text)
}

function errorCode(code: RefusalCode): NdcErrorCode {
  switch (code) {
    case 'unknown_airport':
      return '0Z01'
    case 'offer_not_found':
      return '913'
    case 'offer_expired':
      return '0Z02'
    case 'sold_out':
      return '0Z03'
    case 'price_changed':
      return '0Z04'
    case 'seat_taken':
      return '2'
    case 'seat_unknown':
      return '3'
    case 'baggage_unknown':
      return '0Z05'
    case 'passengers_mismatch':
      return '0Z06'
    case 'holds_not_offered':
      return '915'
    case 'client_reference_reused':
      return '0Z07'
    case 'order_not_found':
      return '129'
    case 'hold_lapsed':
      return '0Z08'
    case 'not_held':
      return '0Z09'
    case 'not_cancellable':
      return '0Z10'
  }
}
