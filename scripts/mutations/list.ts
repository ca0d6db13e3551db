/** One deliberate break of the booking. */
export interface Mutation {
  name: string
  /** Below gateway/src/booking. */
  file: string
  /** Text that is there once, and what stands there instead. */
  from: string
  to: string
}

/** Each turns a test of the booking red; `npm run mutations` shows which. */
export const mutations: readonly Mutation[] = [
  {
    name: 'believe at once that an airline has no order',
    file: 'airline-steps.ts',
    from: 'if (waitedMs < timing.lookUpForMs)',
    to: 'if (waitedMs < 0)',
  },
  {
    name: 'take a lost answer for a refusal',
    file: 'airline-steps.ts',
    from: `        if (!(error instanceof AirlineError) || isOutcomeUnknown(error)) {
          return { result: 'unanswered', news: unanswered(order, error) }
        }
        const waitMs = patience(error, turn, waits)
        if (waitMs !== null) return { result: 'put_off', news: { orders: [order] }, waitMs }
        if (order.state.is === 'asked')`,
    to: `        if (!(error instanceof AirlineError)) throw error
        const waitMs = patience(error, turn, waits)
        if (waitMs !== null) return { result: 'put_off', news: { orders: [order] }, waitMs }
        if (order.state.is === 'asked')`,
  },
  {
    name: 'look nothing up, but ask again at once',
    file: 'airline-steps.ts',
    from: "      const found = await find(connectorOf(order), order, turn)\n      if (found === 'unknown') return { result: 'unanswered', putOffMs: 0 }\n      if (state.is === 'paying'",
    to: "      const found = await Promise.resolve<Order | null | 'unknown'>(null)\n      if (found === 'unknown') return { result: 'unanswered', putOffMs: 0 }\n      if (state.is === 'paying'",
  },
  {
    name: 'ask again under a new client reference',
    file: 'airline-steps.ts',
    from: '      const { draft } = order.plan\n',
    to: "      const { draft: same } = order.plan\n      const draft = order.state.is === 'asked' ? { ...same, clientReference: same.clientReference + 'x' } : same\n",
  },
  {
    name: 'believe the refusal of what was asked for before',
    file: 'airline-steps.ts',
    from: "        if (order.state.is === 'asked') return refusedAgain(booking, order, error, turn)\n",
    to: '',
  },
  {
    name: 'believe the refusal of a cancellation that was asked for before',
    file: 'airline-steps.ts',
    from: 'const stays = since === null || now() - since >= timing.lookUpForMs',
    to: 'const stays = true',
  },
  {
    name: 'never ask again',
    file: 'airline-steps.ts',
    from: 'const mostAsks = 5',
    to: 'const mostAsks = 1',
  },
  {
    name: 'skip a compensation: give only the last order back',
    file: 'state.ts',
    from: '  for (const order of orders.toReversed()) {',
    to: '  for (const order of orders.slice(-1)) {',
  },
  {
    name: 'skip compensations: fail without giving anything back',
    file: 'state.ts',
    from: '        cancelLast(orders) ??\n',
    to: '',
  },
  {
    name: 'give nothing back of a hold that lapsed elsewhere',
    file: 'state.ts',
    from: "{ do: 'become', state: { is: 'undoing', because: lapse(state.payBy) } }",
    to: "{ do: 'become', state: { is: 'failed', because: lapse(state.payBy) } }",
  },
  {
    name: 'no intent on the disk with the news before the call',
    file: 'saga.ts',
    from: 'if (call) changed.set(call.order.clientReference, askedFor(call, now()))',
    to: '',
  },
  {
    name: 'no intent on the disk before a call that stands alone',
    file: 'saga.ts',
    from: 'work = { booking: await writeCall(booking, next), call: next }',
    to: 'work = { booking, call: next }',
  },
  {
    name: 'no job: leave the booking to nobody',
    file: 'saga.ts',
    from: "const job: Job = { is: 'due', at, attempts: attempts + 1 }",
    to: "const job: Job = { is: 'done' }",
  },
  {
    name: 'no fencing: write whoever has the lease',
    file: 'store/store.ts',
    from: `    .updateTable('jobs')
    .set(columns)
    .where('reference', '=', reference)
    .where('lease_owner', '=', owner)`,
    to: `    .updateTable('jobs')
    .set(columns)
    .where('reference', '=', reference)`,
  },
  {
    name: 'no fencing: write over what another has written',
    file: 'store/store.ts',
    from: "          .where('version', '=', version)\n",
    to: '',
  },
  {
    name: 'take work that another has in hand',
    file: 'store/store.ts',
    from: `              .where((at) => at.or([at('lease_until', 'is', null), at('lease_until', '<=', now)]))
              .orderBy('due_at')`,
    to: `              .orderBy('due_at')`,
  },
  {
    name: 'never renew a lease',
    file: 'runs.ts',
    from: 'cancelRenewal ??= timers.after(renewEveryMs, renew)',
    to: '',
  },
  {
    name: 'renew leases that others have taken',
    file: 'store/store.ts',
    from: "        .where('reference', 'in', [...references])\n        .where('lease_owner', '=', owner)\n",
    to: "        .where('reference', 'in', [...references])\n",
  },
  {
    name: 'forget the key: book again for the same one',
    file: 'bookings.ts',
    from: '(await store.findKey(key, now())) ?? (await begin(request, key, hash))',
    to: 'await begin(request, key + now(), hash)',
  },
  {
    name: 'take another client’s payload for the same',
    file: 'bookings.ts',
    from: 'if (standing.payloadHash !== hash)',
    to: "if (standing.payloadHash === '')",
  },
  {
    name: 'tell of a moved flight again each time',
    file: 'refresh.ts',
    from: 'orders.push(withFlights(order, found))',
    to: 'orders.push(order)',
  },
  {
    name: 'write down what an airline said before another gateway learned more',
    file: 'refresh.ts',
    from: 'const begun = await tryToBegin(desk, booking, news)',
    to: 'const begun = await tryToBegin(desk, await findBooking(store, reference), news)',
  },
]
