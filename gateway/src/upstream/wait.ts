/** How long a client waits for its answer. */
export interface Wait {
  /** Milliseconds from the request's arrival; null: as configured. */
  deadlineMs: number | null
  /** Milliseconds that have passed since the request's arrival. */
  passedMs: number
  /** Aborts when the client leaves; null: it stays. */
  left: AbortSignal | null
}

/** A client that stays, and waits as long as is configured. */
export const patient: Wait = { deadlineMs: null, passedMs: 0, left: null }

/** Nobody is there to be answered any more. */
export class ClientLeft extends Error {
  override name = 'ClientLeft'

  constructor() {
    super('The client left before it was answered')
  }
}

/** Nobody waits for a call any more: it ends, and that says nothing about the airline. */
export class GivenUp extends Error {
  override name = 'GivenUp'

  constructor() {
    super('Nobody waits for this call any more')
  }
}
