import type { AirlineSystem } from '@fanfare/kit'
import { orderView } from '../render/order-view.ts'
import { readOrder } from './order-request.ts'
import { readRequest } from './request.ts'

/** Answers OrderCreateRQ: sells with PaymentFunctions, holds without. */
export function orderCreate(system: AirlineSystem): (bytes: Buffer) => Buffer {
  return (bytes) => {
    const request = readOrder(system, readRequest(bytes, 'IATA_OrderCreateRQ'))
    return orderView(system, system.order(request))
  }
}
