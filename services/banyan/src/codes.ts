import type { Cabin, OrderPassenger, PassengerType } from '@fanfare/kit'
import { NdcFault } from './ndc-fault.ts'
import type { XmlNode } from './xml-reader.ts'

/** CabinTypeCode (ATSB code list 9873) and CabinTypeName. */
export const cabinTypes: Record<Cabin, { code: string; name: string }> = {
  first: { code: '1', name: 'First' },
  business: { code: '2', name: 'Business' },
  premium_economy: { code: '4', name: 'Premium Economy' },
  economy: { code: '5', name: 'Economy' },
}

/** IATA passenger type codes. */
export const passengerTypeCodes: Record<PassengerType, string> = { adult: 'ADT', child: 'CHD', infant: 'INF' }

const genderCodes: Record<OrderPassenger['gender'], string> = { female: 'F', male: 'M', unspecified: 'U' }

/** GenderCode of a passenger. */
export function genderCode(gender: OrderPassenger['gender']): string {
  return genderCodes[gender]
}

/** Throws NdcFault 914 for a code of another list. */
export function readCabin({ name, text }: XmlNode): Cabin {
  switch (text) {
    case '1':
      return 'first'
    case '2':
      return 'business'
    case '4':
      return 'premium_economy'
    case '5':
      return 'economy'
    default:
      throw new NdcFault('914', `${text} is no cabin type that Banyan knows`, name)
  }
}

/** Throws NdcFault 914 for a type that Banyan does not carry. */
export function readPassengerType({ name, text }: XmlNode): PassengerType {
  switch (text) {
    case 'ADT':
      return 'adult'
    case 'CHD':
      return 'child'
    case 'INF':
      return 'infant'
    default:
      throw new NdcFault('914', `${text} is no passenger type that Banyan carries`, name)
  }
}

/** Undisclosed (U) and unspecified (X) are the same to Banyan. Throws NdcFault 914 for another code. */
export function readGender({ name, text }: XmlNode): OrderPassenger['gender'] {
  switch (text) {
    case 'F':
      return 'female'
    case 'M':
      return 'male'
    case 'U':
    case 'X':
      return 'unspecified'
    default:
      throw new NdcFault('914', `${text} is no gender code`, name)
  }
}
