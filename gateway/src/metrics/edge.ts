import type { Registry } from '@prometheus-io/client'
import { cuts, type EdgeMeter, refusals } from '../edge/meter.ts'
import { createCounter } from './series.ts'

/** Counts what the gateway's edge turns away. */
export function createEdgeMeter(registry: Registry): EdgeMeter {
  const refused = createCounter(registry, {
    name: 'fanfare_requests_refused_total',
    help: 'Requests turned away with nothing done: the event loop lagged, the client’s allowance was used up, or too many waited on its connection',
    labels: { reason: refusals },
  })
  const cut = createCounter(registry, {
    name: 'fanfare_connections_cut_total',
    help: 'Connections closed on clients that sent too slowly, sent what is no request or did not read, that were too many, or that the stopping gateway could not wait for',
    labels: { reason: cuts },
  })
  return { refused: (reason) => refused({ reason }), cut: (reason) => cut({ reason }) }
}
