import { banyan } from '@fanfare/kit'
import { NdcFault } from '../ndc-fault.ts'
import { readXml, required, requiredText, type XmlNode } from '../xml-reader.ts'

/**
 * Reads a request up to its Request element. Throws NdcFault 914 for what is not such a message, 915 for another
 * message, 912 where the seller or the TrxID is missing.
 */
export function readRequest(bytes: Buffer, root: string): XmlNode {
  const message = readXml(bytes)
  if (message.name !== root)
    throw new NdcFault('915', `this is the place for ${root}, not ${message.name}`, message.name)
  requiredText(message, 'DistributionChain', 'DistributionChainLink', 'ParticipatingOrg', 'OrgID')
  requiredText(message, 'PayloadAttributes', 'TrxID')
  return required(message, 'Request')
}

/** Throws NdcFault 107 where the element's OwnerCode is another airline's. */
export function checkOwner(node: XmlNode): void {
  const owner = requiredText(node, 'OwnerCode')
  if (owner !== banyan.designator) throw new NdcFault('107', `${owner} is not ${banyan.title}`, 'OwnerCode')
}
