/** What a step of a booking at an airline can be. */
export const stepKinds = ['check', 'hold', 'purchase', 'pay', 'cancel', 'look_up'] as const
export type StepKind = (typeof stepKinds)[number]

/**
 * What can come of it:
 * - done: as asked; of a look-up: the order was found
 * - refused: the airline said no, or what it says is not what the client expects
 * - absent: the airline has no such order, as far as it knows
 * - unanswered: nobody knows whether it was done
 * - put_off: nothing was done; it is tried again
 */
export const stepResults = ['done', 'refused', 'absent', 'unanswered', 'put_off'] as const
export type StepResult = (typeof stepResults)[number]

/** Counts what bookings do. */
export interface Meter {
  step(kind: StepKind, result: StepResult): void
}

/** Counts nothing. */
export const noMeter: Meter = { step() {} }
