/** A scenario, option or objective that cannot be used; the message names the field. */
export class UsageError extends Error {}
