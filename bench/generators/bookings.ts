// Closed loop of bookings: so many under way at once, each of an offer of its own. Every answer must be a confirmed booking at the
// expected price. Started as a process of its own; reads its task from standard input and writes the result to standard output.
import { randomUUID } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import { deserialize } from 'node:v8'
import { Client } from 'undici'
import type { BookingTask } from '../load-task.ts'
import { createAnswers } from './answers.ts'

const task: BookingTask = deserialize(await buffer(process.stdin))
const answers = createAnswers()
let next = 0

async function drive(until: number): Promise<void> {
  const client = new Client(task.url)
  while (performance.now() < until) {
    const offer = task.offers[next++]
    if (!offer) throw new Error(`${task.offers.length} offers are too few`)
    const startedAt = performance.now()
    const { statusCode, body } = await client.request({
      method: 'POST',
      path: '/v1/bookings',
      headers: { 'content-type': 'application/json', 'idempotency-key': randomUUID() },
      body: JSON.stringify(bookingOf(offer)),
    })
    const text = await body.text()
    answers.addJudged(performance.now() - startedAt, wrongIn(offer, statusCode, text))
  }
  await client.close()
}

function bookingOf({ id, price }: BookingTask['offers'][number]) {
  const passenger = {
    id: 'p1',
    type: 'adult',
    title: 'ms',
    givenName: 'Asha',
    familyName: 'Verma',
    bornOn: '1990-04-12',
    gender: 'female',
  }
  return {
    offerIds: [id],
    passengers: [passenger],
    contact: { email: 'asha@example.com', phone: '+919810012345' },
    expectedTotal: price,
    payment: 'now',
  }
}

function wrongIn({ id, price }: BookingTask['offers'][number], status: number, text: string): string | null {
  if (status !== 201) return `${id}: ${status} ${text.slice(0, 300)}`
  const booking: { status: string; price: { total: { amount: string; currency: string } } } = JSON.parse(text)
  const { amount, currency } = booking.price.total
  if (booking.status === 'confirmed' && amount === price.amount && currency === price.currency) return null
  return `${booking.status} at ${amount} ${currency}, not ${price.amount} ${price.currency}`
}

const startedAt = performance.now()
await Promise.all(Array.from({ length: task.atOnce }, () => drive(startedAt + task.seconds * 1000)))
answers.tell((performance.now() - startedAt) / 1000)
