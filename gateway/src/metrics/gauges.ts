import { Gauge, type Registry } from '@prometheus-io/client'
import type { Named } from './series.ts'

export const standingGauge: Named = {
  name: 'fanfare_stopping',
  help: '1 from when the gateway was told to stop',
}

export const connectionsGauge: Named = {
  name: 'fanfare_connections_open',
  help: 'Connections of clients that are open',
}

export const bookingCallsGauge: Named = {
  name: 'fanfare_booking_calls_in_progress',
  help: 'Requests that book, pay, quote or cancel and are not answered yet',
}

export const extraCallsGauge: Named = {
  name: 'fanfare_extra_calls_left',
  help: 'Retries and hedges that can be sent now, over all airlines; 0 also where none ever are',
}

/** A gauge that is read when metrics are asked for. */
export function createGauge(registry: Registry, { name, help }: Named, read: () => number): void {
  new Gauge({
    name,
    help,
    registers: [registry],
    collect() {
      this.set(read())
    },
  })
}
