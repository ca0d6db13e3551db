import type { AirlineSystem } from '../airline-system.ts'
import { type Order, Refusal } from '../orders/types.ts'
import { exchange, type Noticed, noticed, unlessRefused } from './exchange.ts'
import { type FaultKind, isWorldKind } from './faults.ts'
import { offerKey, orderKey, orderRequestKey, searchKey } from './keys.ts'
import type { Operation } from './operations.ts'
import type { Simulation } from './simulation.ts'
import { happen, type Subject, subjectOfOffer, subjectOfOrder, subjectOfSearch } from './world-faults.ts'

/** A request that was struck before anything was done; its answer is lost or replaced, so no one reads it. */
class Struck extends Error {
  override name = 'Struck'
  /** Below 500, since a fault that was asked for is none that a dialect should log as its own. */
  readonly statusCode = 499
}

const nothingDone: ReadonlySet<FaultKind> = new Set(['reset', 'error', 'rate_limited', 'timeout', 'done_later'])

/**
 * The same system, which notices what each request asks for, and whose changes (orders, payments, cancellations) go wrong as
 * the simulation says, exactly done or exactly not. The app sees to the answers, and to requests that only read (see answers.ts).
 */
export function withSimulation(system: AirlineSystem, simulation: Simulation): AirlineSystem {
  const due = new Set<NodeJS.Timeout>()

  /** Does it in a while. Nobody hears what became of it: that it cannot be done any more is as good an end as any. */
  function doLater(act: () => unknown, delayMs: number): void {
    const timer = setTimeout(() => {
      due.delete(timer)
      try {
        act()
      } catch (error) {
        if (!(error instanceof Refusal)) throw error
      }
    }, delayMs)
    due.add(timer)
  }

  function change<T>(asked: Noticed, act: () => T): T {
    const under = exchange.getStore() ?? null
    const { operation } = asked
    const verdict = simulation.judge({ ...asked, ordered: under?.ordered ?? null })
    if (under) under.verdict = verdict
    const kind = verdict.fault?.kind
    if (verdict.fault === null || kind === undefined) return act()
    if (kind === 'done_later') doLater(act, verdict.fault.delayMs)
    if (nothingDone.has(kind)) throw new Struck(`${operation} was struck by ${kind}`)
    const subject = isWorldKind(kind) ? asked.subject() : null
    if (isWorldKind(kind) && subject !== null) happen(system, kind, subject, verdict.words)
    return act()
  }

  const ask = (operation: Operation, key: () => string, subject: () => Subject | null): Noticed => ({
    operation,
    key,
    subject,
    latencyShare: 1,
  })
  const aboutOffer = (operation: Operation, offerId: string) =>
    ask(
      operation,
      () => offerKey(offerId),
      () => subjectOfOffer(system, offerId),
    )
  /** An order is named by what it is, not by a locator that depends on who came first. */
  const aboutOrder = (operation: Operation, name: string, find: () => Order | null) =>
    ask(
      operation,
      () => {
        const order = find()
        return order === null ? name : orderKey(order)
      },
      () => {
        const order = find()
        return order === null ? null : subjectOfOrder(order.offer)
      },
    )
  const aboutLocator = (operation: Operation, locator: string) =>
    aboutOrder(operation, locator, () => unlessRefused(() => system.retrieve(locator)))

  return {
    ...system,
    simulation,
    shop(request) {
      noticed(
        ask(
          'search',
          () => searchKey(request),
          () => subjectOfSearch(unlessRefused(() => system.shop(request)) ?? [], searchKey(request)),
        ),
      )
      return system.shop(request)
    },
    offer(id) {
      noticed(aboutOffer('price', id))
      return system.offer(id)
    },
    seatMaps(offerId) {
      noticed(aboutOffer('seat_maps', offerId))
      return system.seatMaps(offerId)
    },
    baggage(offerId) {
      noticed(aboutOffer('baggage', offerId))
      return system.baggage(offerId)
    },
    findByClientReference(reference) {
      noticed(aboutOrder('find_order', reference, () => system.findByClientReference(reference)))
      return system.findByClientReference(reference)
    },
    retrieve(locator) {
      noticed(aboutLocator('read_order', locator))
      return system.retrieve(locator)
    },
    quoteCancellation(locator) {
      noticed(aboutLocator('quote_cancellation', locator))
      return system.quoteCancellation(locator)
    },
    order: (request) =>
      change(
        ask(
          request.pay ? 'purchase' : 'hold',
          () => orderRequestKey(request),
          () => subjectOfOffer(system, request.offerId, request.seats),
        ),
        () => system.order(request),
      ),
    pay: (locator, expectedTotal) => change(aboutLocator('pay', locator), () => system.pay(locator, expectedTotal)),
    cancel: (locator) => change(aboutLocator('cancel', locator), () => system.cancel(locator)),
    reset() {
      for (const timer of due) clearTimeout(timer)
      due.clear()
      simulation.reset()
      system.reset()
    },
    close() {
      for (const timer of due) clearTimeout(timer)
      system.close()
    },
  }
}
