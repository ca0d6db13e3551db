import type { Registry } from '@prometheus-io/client'
import { type Meter, stepKinds, stepResults } from '../booking/meter.ts'
import { createCounter } from './series.ts'

/** Counts what bookings do. */
export function createBookingMeter(registry: Registry): Meter {
  const steps = createCounter(registry, {
    name: 'fanfare_booking_steps_total',
    help: 'Steps of bookings at airlines since the gateway started, by kind and by what came of them',
    labels: { step: stepKinds, result: stepResults },
  })
  return { step: (step, result) => steps({ step, result }) }
}
