import type { OrderPassenger } from '@fanfare/kit'
import { readGender } from '../codes.ts'
import { NdcFault } from '../ndc-fault.ts'
import { readParty } from '../party.ts'
import { child, childrenOf, required, requiredText, type XmlNode } from '../xml-reader.ts'

/** Reads who travels, with their names. Throws NdcFault 912 or 914 where something is missing or wrong. */
export function readPassengers(paxList: XmlNode): OrderPassenger[] {
  const types = new Map(readParty(paxList).map(({ id, type }) => [id, type]))
  return childrenOf(paxList, 'Pax').map((pax) => {
    const id = requiredText(pax, 'PaxID')
    const individual = required(pax, 'Individual')
    const bornOn = requiredText(individual, 'Birthdate')
    if (!/^\d{4}-\d{2}-\d{2}$/.test(bornOn)) throw new NdcFault('914', `${bornOn} is no date`, 'Birthdate')
    const givenNames = childrenOf(individual, 'GivenName').map(({ text }) => text)
    if (givenNames.join('') === '') throw new NdcFault('912', `${id} has no GivenName`, 'GivenName')
    return {
      id,
      type: types.get(id) ?? 'adult',
      title: child(individual, 'TitleName')?.text ?? '',
      givenName: givenNames.join(' '),
      familyName: requiredText(individual, 'Surname'),
      bornOn,
      gender: readGender(required(individual, 'GenderCode')),
    }
  })
}
