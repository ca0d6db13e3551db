import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Booking } from '../../gateway/src/schemas/booking.ts'
import type { Api } from '../support/api.ts'
import { type Cluster, holding, offersInTurn, sellingAtOnce, startCluster } from '../support/cluster.ts'
import { minor } from '../support/money.ts'
import { requestFor } from '../support/trip.ts'

const [holder = ''] = holding
const [seller = ''] = sellingAtOnce
const minutesBy = 35

let cluster: Cluster
let api: Api
let otherApi: Api
beforeAll(async () => {
  cluster = await startCluster({})
  ;[api, otherApi] = cluster.apis
})
afterAll(() => cluster?.system.close())

const changesIn = ({ history }: Booking) => history.filter(({ event }) => event === 'schedule_changed')

/** A paid trip over two airlines. */
async function book(days: number): Promise<Booking> {
  // Early enough to stay on their day, on which a flight stays.
  const inTurn = await offersInTurn(api, [holder, seller], days)
  const offers = inTurn.flatMap((of) => of.find(({ slice }) => slice.departingAt.slice(11) < '23:00') ?? [])
  expect(offers).toHaveLength(2)
  const itinerary = await api.itinerary(offers.map(({ id }) => id))
  return api.booked(requestFor(itinerary, { seats: [], bags: [] }, 'now'))
}

/** The airline moves the first flight that the booking has of it. */
async function move({ segments }: Booking, name: string, minutes: number): Promise<string> {
  const segment = segments.find(({ airline }) => airline === name)
  if (!segment) throw new Error(`the booking has no flight of ${name}`)
  await cluster.airline(name).moveFlight(segment.flightNumber, segment.id.slice(-14, -4), minutes)
  return segment.id
}

it('a flight that is moved shows in the booking once it is refreshed, told once, and can still be cancelled', async () => {
  const booked = await book(31)
  const paid = booked.price?.total
  const movedId = await move(booked, seller, minutesBy)
  expect(await api.read(booked.reference)).toEqual(booked)

  const refreshed = await api.refresh(booked.reference)
  expect(refreshed.sources).toEqual([holder, seller].map((airline) => ({ airline, status: 'ok', detail: null })))
  expect(changesIn(refreshed)).toMatchObject([{ airline: seller }])
  for (const before of booked.segments) {
    const after = refreshed.segments.find(({ id }) => id === before.id)
    const by = before.id === movedId ? minutesBy * 60_000 : 0
    expect(Date.parse(after?.departingAt ?? '')).toBe(Date.parse(before.departingAt) + by)
    expect(Date.parse(after?.arrivingAt ?? '')).toBe(Date.parse(before.arrivingAt) + by)
    expect(after?.movedFrom).toEqual(
      by === 0 ? null : { departingAt: before.departingAt, arrivingAt: before.arrivingAt },
    )
  }

  const { sources: _, ...stored } = refreshed
  expect(await otherApi.read(booked.reference)).toEqual(stored)
  expect(await otherApi.refresh(booked.reference)).toEqual(refreshed)

  const quoted = await api.cancel(booked.reference, false)
  const cancelled = await api.cancel(booked.reference, true)
  expect(cancelled).toMatchObject({ status: 'cancelled', refund: quoted.refund, fee: quoted.fee })
  expect(paid && minor(cancelled.refund) + minor(cancelled.fee)).toBe(paid && minor(paid))
  for (const name of [holder, seller]) {
    const orders = await cluster.airline(name).orders()
    const ours = orders.filter(({ clientReference }) => clientReference.startsWith(`${booked.reference}-`))
    expect(ours.map(({ status }) => status)).toEqual(['cancelled'])
    expect(await cluster.airline(name).audit()).toEqual([])
  }
})

it('an airline that is gone is named, the others are asked all the same, and it is told once it is back', async () => {
  const booked = await book(45)
  await move(booked, holder, minutesBy)
  await move(booked, seller, minutesBy)
  const gone = cluster.airline(holder)
  await gone.kill()
  const without = await api.refresh(booked.reference)
  expect(without.status).toBe('confirmed')
  expect(without.sources?.map(({ airline, status }) => `${airline} ${status}`)).toEqual([
    `${holder} error`,
    `${seller} ok`,
  ])
  expect(changesIn(without).map(({ airline }) => airline)).toEqual([seller])
  await gone.restart()
  // What was announced before the kill stands after it.
  expect(changesIn(await api.refresh(booked.reference)).map(({ airline }) => airline)).toEqual([seller, holder])
  expect(await gone.audit()).toEqual([])
})

it('asks for a booking that there is, and for true or false', async () => {
  expect(api.problem(await api.call('GET', '/v1/bookings/AAAAAAAA?refresh=true')).code).toBe('booking_not_found')
  expect((await api.call('GET', '/v1/bookings/AAAAAAAA?refresh=maybe')).status).toBe(400)
  expect((await api.call('GET', '/v1/bookings/AAAAAAAA?fresh=true')).status).toBe(400)
})
