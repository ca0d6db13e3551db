import type { Essentials } from '@fanfare/kit'
import { NdcFault } from './ndc-fault.ts'
import { renderError } from './render/error.ts'

const order = ['Response', 'OrderID', 'TotalPrice', 'StatusCode']

/** Elements that no reader of the answer to an operation can do without where they occur. */
export const essentials: Essentials = {
  search: ['Response', 'OffersGroup'],
  price: ['Response', 'PricedOffer', 'TotalPrice'],
  baggage: ['Response', 'DataLists'],
  seat_maps: ['Response', 'DataLists'],
  read_order: order,
  find_order: order,
  quote_cancellation: ['Response', 'ReshopOffers', 'DueByAirlineAmount'],
  hold: order,
  purchase: order,
  pay: order,
  cancel: ['Response', 'StatusCode', 'DueByAirlineAmount'],
}

/** What the gateway in front of NDC says to who asks too often; no message is read then, so no answer of its own is due. */
export const tooManyRequests = {
  type: 'application/xml; charset=utf-8',
  body: renderError('IATA_AcknowledgementRS', new NdcFault('911', 'too many messages, try again later')).toString(),
}
