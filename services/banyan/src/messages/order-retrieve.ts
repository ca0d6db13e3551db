import { type AirlineSystem, type Order, Refusal } from '@fanfare/kit'
import { NdcFault } from '../ndc-fault.ts'
import { orderView } from '../render/order-view.ts'
import { child, required, requiredText, type XmlNode } from '../xml-reader.ts'
import { checkOwner, readRequest } from './request.ts'

/** Answers OrderRetrieveRQ, by OrderID or by the reference that the seller gave the order. */
export function orderRetrieve(system: AirlineSystem): (bytes: Buffer) => Buffer {
  return (bytes) => {
    const criteria = required(readRequest(bytes, 'IATA_OrderRetrieveRQ'), 'OrderValidationFilterCriteria')
    return orderView(system, find(system, criteria))
  }
}

function find(system: AirlineSystem, criteria: XmlNode): Order {
  const byId = child(criteria, 'OrderFilterCriteria')
  if (byId) {
    checkOwner(byId)
    return system.retrieve(requiredText(byId, 'OrderID'))
  }
  const byReference = child(criteria, 'BookingRefFilterCriteria')
  if (byReference === undefined) throw new NdcFault('915', 'orders are found by OrderID or BookingID only')
  const reference = requiredText(byReference, 'BookingID')
  const order = system.findByClientReference(reference)
  if (order === null) throw new Refusal('order_not_found', `no order carries the reference ${reference}`)
  return order
}
