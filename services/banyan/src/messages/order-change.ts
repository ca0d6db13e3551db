import { type AirlineSystem, type Order, Refusal } from '@fanfare/kit'
import { cancelOfferId } from '../message-ids.ts'
import { NdcFault } from '../ndc-fault.ts'
import { orderView } from '../render/order-view.ts'
import { child, required, requiredText, type XmlNode } from '../xml-reader.ts'
import { readPayment } from './payment.ts'
import { checkOwner, readRequest } from './request.ts'

/** Answers OrderChangeRQ: PaymentFunctions pay a hold, AcceptCancelledOffer cancels as OrderReshop quoted. */
export function orderChange(system: AirlineSystem): (bytes: Buffer) => Buffer {
  return (bytes) => {
    const request = readRequest(bytes, 'IATA_OrderChangeRQ')
    checkOwner(required(request, 'Order'))
    const locator = requiredText(request, 'Order', 'OrderID')
    return orderView(system, change(system, locator, request))
  }
}

function change(system: AirlineSystem, locator: string, request: XmlNode): Order {
  const choice = child(request, 'ChangeOrderChoice')
  const payment = readPayment(request)
  if (choice === undefined) {
    if (payment === null) throw new NdcFault('912', 'nothing is to be changed', 'ChangeOrderChoice')
    return system.pay(locator, payment)
  }
  if (payment !== null) throw new NdcFault('915', 'pay or change, not both at once', 'PaymentFunctions')
  const cancelled = child(choice, 'AcceptCancelledOffer')
  if (cancelled === undefined) throw new NdcFault('915', 'an order can be cancelled or paid only', 'ChangeOrderChoice')
  checkOwner(cancelled)
  const accepted = requiredText(cancelled, 'OfferID')
  const { refund } = system.quoteCancellation(locator)
  if (accepted !== cancelOfferId(locator, refund)) {
    throw new Refusal('price_changed', 'what cancelling gives back has changed, or was never quoted')
  }
  return system.cancel(locator).order
}
