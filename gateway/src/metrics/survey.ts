import { Gauge, type Registry } from '@prometheus-io/client'
import type { Bookings } from '../booking/bookings.ts'
import { BookingStatus } from '../schemas/booking.ts'

/** What the store holds; null: it cannot be reached. */
type Survey = Awaited<ReturnType<Bookings['survey']>> | null

/** Gauges of what the store holds, and a function that sets them; null: it cannot be reached, and they are 0. */
export function surveyGauges(registry: Registry): (survey: Survey, now: number) => void {
  const registers = [registry]
  const gauge = (name: string, help: string) => new Gauge({ name, help, registers })
  const up = gauge('fanfare_booking_store_up', '1 while the store of bookings can be read')
  const byStatus = new Gauge({
    name: 'fanfare_bookings',
    help: 'Bookings in the store, by status',
    labelNames: ['status'],
    registers,
  })
  const oldestPending = gauge(
    'fanfare_booking_oldest_pending_seconds',
    'Age of the oldest booking that is pending; 0 when none is',
  )
  const jobs = new Gauge({
    name: 'fanfare_booking_jobs',
    help: 'Work on bookings: in the hands of a gateway, due and in nobody’s, or waiting until it is due',
    labelNames: ['state'],
    registers,
  })
  const overdue = gauge(
    'fanfare_booking_job_overdue_seconds',
    'How long the oldest due work has waited; 0 when none has',
  )

  return (survey, now) => {
    up.set(survey ? 1 : 0)
    for (const one of [byStatus, oldestPending, jobs, overdue]) one.reset()
    if (!survey) return
    const secondsSince = (at: number | null) => (at === null ? 0 : Math.max(0, now - at) / 1000)
    for (const status of BookingStatus.enum) byStatus.set({ status }, survey.bookings.get(status) ?? 0)
    oldestPending.set(secondsSince(survey.oldestPendingAt))
    jobs.set({ state: 'in_hand' }, survey.jobsInHand)
    jobs.set({ state: 'due' }, survey.jobsDue)
    jobs.set({ state: 'waiting' }, survey.jobsWaiting)
    overdue.set(secondsSince(survey.oldestDueAt))
  }
}
