import { type AirlineApp, type AirlineSystem, Refusal } from '@fanfare/kit'
import { HostError } from '../errors.ts'
import { minorUnits } from '../render/amount.ts'
import { renderPnr, renderRefund } from '../render/pnr.ts'
import { Pnr, PnrEntry, RefundAnswer, TicketEntry } from '../schemas/cart.ts'
import { ref } from '../schemas/ref.ts'
import { type SessionOf, seller } from '../sign-in.ts'
import { answers } from './answers.ts'

/** What is done with PNRs that are made. */
export function registerPnrs(app: AirlineApp, system: AirlineSystem, sessionOf: SessionOf): void {
  /** Throws HostError CHECK PNR, or Refusal order_not_found. */
  function locatorOf({ locator, reference }: { locator?: string; reference?: string }): string {
    if ((locator === undefined) === (reference === undefined)) {
      throw new HostError('CHECK PNR', 'give a record locator or a reference')
    }
    if (locator !== undefined) return locator
    const order = system.findByClientReference(reference ?? '')
    if (order === null) throw new Refusal('order_not_found', `no PNR has the reference ${reference}`)
    return order.locator
  }

  app.post(
    '/retrieve',
    {
      schema: {
        operationId: 'retrieve',
        tags: ['PNR'],
        summary: 'RT: read a PNR',
        body: ref(PnrEntry),
        response: answers(Pnr, 400, 413, 415),
      },
    },
    ({ body }) => renderPnr(system, system.retrieve(locatorOf(body))),
  )

  app.post(
    '/ticket',
    {
      schema: {
        operationId: 'ticket',
        tags: ['PNR'],
        summary: 'TT: pay a held PNR',
        description: 'At the price that it was held at. A ticketed PNR is given again.',
        body: ref(TicketEntry),
        response: answers(Pnr, 400, 413, 415),
      },
    },
    (request) => {
      seller(sessionOf(request))
      const { total } = request.body
      return renderPnr(system, system.pay(locatorOf(request.body), total === undefined ? null : minorUnits(total)))
    },
  )

  app.post(
    '/refund',
    {
      schema: {
        operationId: 'quoteRefund',
        tags: ['PNR'],
        summary: 'RF: what cancelling would give back',
        description: 'Changes nothing.',
        body: ref(PnrEntry),
        response: answers(RefundAnswer, 400, 413, 415),
      },
    },
    ({ body }) => {
      const locator = locatorOf(body)
      return renderRefund(locator, system.quoteCancellation(locator), false)
    },
  )

  app.post(
    '/cancel',
    {
      schema: {
        operationId: 'cancel',
        tags: ['PNR'],
        summary: 'XI: cancel a PNR',
        description: 'Gives its seats back. A cancelled PNR gives the same answer again.',
        body: ref(PnrEntry),
        response: answers(RefundAnswer, 400, 413, 415),
      },
    },
    (request) => {
      seller(sessionOf(request))
      const { order, quote } = system.cancel(locatorOf(request.body))
      return renderRefund(order.locator, quote, true)
    },
  )
}
