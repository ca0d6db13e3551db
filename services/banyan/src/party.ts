import type { PassengerMix, PassengerType } from '@fanfare/kit'
import { passengerTypeCodes, readPassengerType } from './codes.ts'
import { NdcFault } from './ndc-fault.ts'
import { childrenOf, required, requiredText, type XmlNode } from './xml-reader.ts'
import type { Tree } from './xml-writer.ts'

/** A traveller as a message names it. */
export interface Pax {
  id: string
  type: PassengerType
}

const mostPassengers = 9

/** Reads a PaxList. Throws NdcFault 914 where two have one id, there is no adult, or more travel than Banyan takes at once. */
export function readParty(paxList: XmlNode): Pax[] {
  const party = childrenOf(paxList, 'Pax').map((pax) => ({
    id: requiredText(pax, 'PaxID'),
    type: readPassengerType(required(pax, 'PTC')),
  }))
  const { adults, infants } = mixOf(party)
  if (new Set(party.map(({ id }) => id)).size !== party.length)
    throw new NdcFault('914', 'two Pax have one PaxID', 'PaxID')
  if (party.length > mostPassengers) throw new NdcFault('914', `at most ${mostPassengers} travel together`, 'PaxList')
  if (adults === 0) throw new NdcFault('914', 'an adult must travel', 'PaxList')
  if (infants > adults) throw new NdcFault('914', 'every infant needs an adult’s lap', 'PaxList')
  return party
}

/** How many of each travel. */
export function mixOf(party: readonly Pax[]): PassengerMix {
  const count = (type: PassengerType) => party.filter((pax) => pax.type === type).length
  return { adults: count('adult'), children: count('child'), infants: count('infant') }
}

/** Travellers named by Banyan, where a request names none: PAX1…PAXn, adults first, then children, then infants. */
export function nameParty({ adults, children, infants }: PassengerMix): Pax[] {
  const types: PassengerType[] = [
    ...Array<PassengerType>(adults).fill('adult'),
    ...Array<PassengerType>(children).fill('child'),
    ...Array<PassengerType>(infants).fill('infant'),
  ]
  return types.map((type, index) => ({ id: `PAX${index + 1}`, type }))
}

/** The PaxList of an answer. */
export function paxList(party: readonly Pax[]): Tree {
  return { Pax: party.map(({ id, type }) => ({ PaxID: id, PTC: passengerTypeCodes[type] })) }
}
