import type { AirlineApp, AirlineSystem } from '@fanfare/kit'
import type { Examples } from '../examples.ts'
import { readOrderRequest, readTotal } from '../read-order.ts'
import { renderOrder, renderQuote } from '../render/order.ts'
import { ApiKeyHeader } from '../schemas/common.ts'
import {
  Cancellation,
  CancellationQuote,
  Order,
  OrderList,
  OrderParams,
  OrderRequest,
  orderQuery,
  PaymentRequest,
} from '../schemas/order.ts'
import { ref } from '../schemas/ref.ts'
import { answers } from './answers.ts'

/** Everything under /orders. */
export function registerOrders(app: AirlineApp, system: AirlineSystem, { clientReference }: Examples): void {
  const { currency } = system.carrier

  app.post(
    '/orders',
    {
      schema: {
        operationId: 'createOrder',
        tags: ['Orders'],
        summary: 'Sell or hold an offer',
        description:
          'The same request with the same clientReference gives the same order again, so it can be repeated after a lost answer. A HOLD keeps fare, seats and baggage for 24 hours.',
        headers: ApiKeyHeader,
        body: ref(OrderRequest),
        response: answers({ 201: ref(Order) }, 400, 401, 404, 409, 410, 413, 415),
      },
    },
    (request, reply) => {
      const order = system.order(readOrderRequest(request.body))
      return reply.status(201).header('location', `/v2/orders/${order.locator}`).send(renderOrder(system, order))
    },
  )

  app.get(
    '/orders',
    {
      schema: {
        operationId: 'findOrders',
        tags: ['Orders'],
        summary: 'Find the order of a client reference',
        description: 'Gives a list of one order, or an empty list when none carries the reference.',
        headers: ApiKeyHeader,
        querystring: orderQuery(clientReference),
        response: answers({ 200: ref(OrderList) }, 400, 401),
      },
    },
    (request, reply) => {
      const order = system.findByClientReference(request.query.clientReference)
      return reply.send({ orders: order === null ? [] : [renderOrder(system, order)] })
    },
  )

  app.get(
    '/orders/:recordLocator',
    {
      schema: {
        operationId: 'getOrder',
        tags: ['Orders'],
        summary: 'Read an order',
        headers: ApiKeyHeader,
        params: OrderParams,
        response: answers({ 200: ref(Order) }, 400, 401, 404, 414),
      },
    },
    (request, reply) => reply.send(renderOrder(system, system.retrieve(request.params.recordLocator))),
  )

  app.post(
    '/orders/:recordLocator/payment',
    {
      schema: {
        operationId: 'payOrder',
        tags: ['Orders'],
        summary: 'Pay a held order',
        description: 'Confirms it at the price it was held at. Paying a confirmed order gives it again.',
        headers: ApiKeyHeader,
        params: OrderParams,
        body: ref(PaymentRequest),
        response: answers({ 200: ref(Order) }, 400, 401, 404, 409, 413, 414, 415),
      },
    },
    (request, reply) => {
      const order = system.pay(request.params.recordLocator, readTotal(request.body.expectedTotal))
      return reply.send(renderOrder(system, order))
    },
  )

  app.post(
    '/orders/:recordLocator/cancellation-quote',
    {
      schema: {
        operationId: 'quoteCancellation',
        tags: ['Orders'],
        summary: 'Ask what cancelling would give back',
        description: 'Changes nothing.',
        headers: ApiKeyHeader,
        params: OrderParams,
        response: answers({ 200: ref(CancellationQuote) }, 400, 401, 404, 409, 414),
      },
    },
    (request, reply) => {
      const { recordLocator } = request.params
      return reply.send(renderQuote(recordLocator, system.quoteCancellation(recordLocator), currency))
    },
  )

  app.post(
    '/orders/:recordLocator/cancellation',
    {
      schema: {
        operationId: 'cancelOrder',
        tags: ['Orders'],
        summary: 'Cancel an order',
        description: 'Gives its seats back. Cancelling a cancelled order gives the same answer again.',
        headers: ApiKeyHeader,
        params: OrderParams,
        response: answers({ 200: ref(Cancellation) }, 400, 401, 404, 409, 414),
      },
    },
    (request, reply) => {
      const { order, quote } = system.cancel(request.params.recordLocator)
      return reply.send({ ...renderQuote(order.locator, quote, currency), status: 'CANCELLED' })
    },
  )
}
