import type { AirlineSystem } from '@fanfare/kit'
import { cancelOfferId, orderItemId } from '../message-ids.ts'
import { NdcFault } from '../ndc-fault.ts'
import { priceDifferential } from '../render/price-differential.ts'
import { child, required, requiredText } from '../xml-reader.ts'
import { writeMessage } from '../xml-writer.ts'
import { readRequest } from './request.ts'

/**
 * Answers OrderReshopRQ that asks what cancelling a whole order gives back. An order that is cancelled already is quoted
 * what its cancellation gave, so that a seller who lost the answer can ask again.
 */
export function orderReshop(system: AirlineSystem): (bytes: Buffer) => Buffer {
  return (bytes) => {
    const request = readRequest(bytes, 'IATA_OrderReshopRQ')
    const cancelled = child(required(request, 'UpdateOrder'), 'CancelOrderRef')
    if (cancelled === undefined) throw new NdcFault('915', 'an order can be reshopped to cancel it only', 'UpdateOrder')
    const locator = requiredText(request, 'OrderRefID')
    if (requiredText(cancelled, 'OrderRefID') !== locator) {
      throw new NdcFault('914', 'the two references name different orders', 'OrderRefID')
    }
    const order = system.retrieve(locator)
    const quote = system.quoteCancellation(locator)
    const { designator } = system.carrier
    const itemCount = 1 + order.seats.length + order.baggage.length
    return writeMessage('IATA_OrderReshopRS', {
      Response: {
        Order: { OrderID: locator, OwnerCode: designator },
        ReshopResults: {
          ReshopOffers: {
            Offer: {
              DeleteOrderItem: {
                ExistingOrderItem: Array.from({ length: itemCount }, (_, index) => ({
                  OrderItemRefID: orderItemId(locator, index + 1),
                })),
                OfferItemID: `${cancelOfferId(locator, quote.refund)}-1`,
                PriceDifferential: priceDifferential(quote.refund + quote.fee, quote),
              },
              OfferID: cancelOfferId(locator, quote.refund),
              OwnerCode: designator,
            },
          },
        },
      },
    })
  }
}
