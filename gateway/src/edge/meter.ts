/**
 * Why a request is turned away before anything is done for it:
 * - event_loop: the gateway's event loop lags behind
 * - rate_limit: its client has used up its allowance
 * - pipelining: too many requests wait on its connection
 */
export const refusals = ['event_loop', 'rate_limit', 'pipelining'] as const
export type Refusal = (typeof refusals)[number]

/**
 * Why a connection is closed that its client would have kept:
 * - slow_request: a request did not arrive whole in time
 * - unreadable: what arrived is no request, or its headers are too large
 * - unread_answer: the client did not read its answer
 * - too_many: there were too many connections already
 * - stopping: the gateway stopped and could wait no longer
 */
export const cuts = ['slow_request', 'unreadable', 'unread_answer', 'too_many', 'stopping'] as const
export type Cut = (typeof cuts)[number]

/** Counts what the gateway's edge turns away. */
export interface EdgeMeter {
  refused(why: Refusal): void
  cut(why: Cut): void
}
