import type { AirlineSystem, Flight, Order, OrderBaggage, OrderPassenger, OrderSeat } from '@fanfare/kit'
import { genderCode, passengerTypeCodes } from '../codes.ts'
import { orderItemId } from '../message-ids.ts'
import { amount } from '../money.ts'
import { type Tree, writeMessage } from '../xml-writer.ts'
import { createDataLists, type DataLists } from './data-lists.ts'
import { priceDifferential } from './price-differential.ts'
import { renderServiceDefinition } from './service-definition.ts'
import { timestamp } from './timestamp.ts'

/**
 * OrderViewRS of an order. OPENED with a PaymentTimeLimitDateTime: held; OPENED with PaymentFunctions: paid; CLOSED:
 * cancelled or lapsed, and then the first item's PriceDifferential says what it gave back.
 */
export function orderView(system: AirlineSystem, order: Order): Buffer {
  const { designator, brands, baggage: products } = system.carrier
  const lists = createDataLists()
  const brand = brands.find(({ code }) => code === order.offer.brand)
  const flights = order.offer.flights.flatMap((key) => system.flight(key) ?? [])
  const segmentIds = new Map(flights.map((flight) => [flight.key, lists.segment(flight, brand)]))
  const bought = products.filter(({ code }) => order.baggage.some((item) => item.code === code))
  const definitions = bought.map((product) => renderServiceDefinition(product, lists))
  const isOpen = order.status === 'held' || order.status === 'confirmed'

  const write: ItemWriter = { order, designator, segmentIds, status: isOpen ? 'CONFIRMED' : 'CANCELLED' }
  const items = [
    flightItem(write, flights),
    ...order.seats.map((seat, index) => seatItem(write, seat, index + 2)),
    ...order.baggage.map((item, index) => baggageItem(write, item, order.seats.length + index + 2)),
  ]
  const view: Record<string, Tree> = {
    Response: {
      DataLists: dataLists(order, lists, definitions),
      Order: {
        CreationDateTime: timestamp(order.createdAt),
        OrderID: order.locator,
        OrderItem: items,
        OwnerCode: designator,
        StatusCode: isOpen ? 'OPENED' : 'CLOSED',
        TotalPrice: { TotalAmount: amount(order.price.total) },
      },
    },
  }
  if (order.status === 'confirmed') view.PaymentFunctions = payment(order)
  return writeMessage('IATA_OrderViewRS', view)
}

interface ItemWriter {
  order: Order
  designator: string
  segmentIds: ReadonlyMap<string, string>
  /** Of every service. */
  status: 'CONFIRMED' | 'CANCELLED'
}

function common({ order, designator }: ItemWriter, nth: number): Tree {
  return {
    OrderItemID: orderItemId(order.locator, nth),
    OwnerCode: designator,
    PaymentTimeLimitDateTime: order.status === 'held' && order.payBy !== null ? timestamp(order.payBy) : undefined,
  }
}

function flightItem(write: ItemWriter, flights: readonly Flight[]): Tree {
  const { order, designator, segmentIds, status } = write
  const { base, tax } = order.price
  const services = order.passengers.flatMap((passenger) =>
    flights.map(({ key }) => ({ paxId: passenger.id, segmentId: segmentIds.get(key) })),
  )
  return {
    ...common(write, 1),
    Price: {
      BaseAmount: amount(base),
      TaxSummary: { TotalTaxAmount: amount(tax) },
      TotalAmount: amount(base + tax),
    },
    PriceDifferential: status === 'CANCELLED' ? priceDifferential(order.price.total, refundOf(order)) : undefined,
    Service: services.map(({ paxId, segmentId }, index) => ({
      BookingRef: [
        { BookingEntity: { Carrier: { AirlineDesigCode: designator } }, BookingID: order.locator },
        { BookingEntity: { Org: { Name: 'Seller', OrgID: 'SELLER' } }, BookingID: order.clientReference },
      ],
      OrderServiceAssociation: { PaxSegmentRef: { PaxSegmentRefID: segmentId } },
      PaxRefID: paxId,
      ServiceID: `SV1-${index + 1}`,
      StatusCode: status,
    })),
  }
}

function refundOf({ refund, fee }: Order) {
  return { refund: refund ?? 0, fee: fee ?? 0 }
}

function seatItem(write: ItemWriter, { passengerId, flightKey, designator, price }: OrderSeat, nth: number): Tree {
  return {
    ...common(write, nth),
    Price: { TotalAmount: amount(price) },
    Service: {
      OrderServiceAssociation: {
        SeatOnLeg: {
          Seat: { ColumnID: designator.slice(-1), RowNumber: designator.slice(0, -1) },
          SeatAssignmentAssociations: { PaxSegmentRef: { PaxSegmentRefID: write.segmentIds.get(flightKey) } },
        },
      },
      PaxRefID: passengerId,
      ServiceID: `SV${nth}-1`,
      StatusCode: write.status,
    },
  }
}

function baggageItem(
  write: ItemWriter,
  { passengerId, code, flightKeys, quantity, price }: OrderBaggage,
  nth: number,
): Tree {
  const units = Array.from({ length: quantity }, () => flightKeys).flat()
  return {
    ...common(write, nth),
    Price: { TotalAmount: amount(price) },
    Service: units.map((flightKey, index) => ({
      OrderServiceAssociation: {
        ServiceDefinitionRef: {
          OrderFlightAssociations: { PaxSegmentRef: { PaxSegmentRefID: write.segmentIds.get(flightKey) } },
          ServiceDefinitionRefID: code,
        },
      },
      PaxRefID: passengerId,
      ServiceID: `SV${nth}-${index + 1}`,
      StatusCode: write.status,
    })),
  }
}

function dataLists({ contact, passengers }: Order, lists: DataLists, definitions: Tree[]): Tree {
  return lists.write({
    ContactInfoList: {
      ContactInfo: {
        ContactInfoID: 'CONTACT',
        EmailAddress: { EmailAddressText: contact.email },
        Phone: { PhoneNumber: contact.phone },
      },
    },
    PaxList: { Pax: passengers.map(pax) },
    ServiceDefinitionList: definitions.length === 0 ? undefined : { ServiceDefinition: definitions },
  })
}

function pax({ id, type, title, givenName, familyName, bornOn, gender }: OrderPassenger): Tree {
  return {
    ContactInfoRefID: 'CONTACT',
    Individual: {
      Birthdate: bornOn,
      GenderCode: genderCode(gender),
      GivenName: givenName,
      Surname: familyName,
      TitleName: title === '' ? undefined : title,
    },
    PaxID: id,
    PTC: passengerTypeCodes[type],
  }
}

function payment({ locator, price }: Order): Tree {
  return {
    OrderAssociation: { OrderRefID: locator },
    PaymentProcessingSummary: {
      Amount: amount(price.total),
      PaymentID: `${locator}-P`,
      PaymentProcessingSummaryPaymentMethod: { SettlementPlan: { PaymentTypeCode: 'CA' } },
      PaymentStatusCode: 'SUCCESSFUL',
    },
  }
}
