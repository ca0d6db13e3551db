/** Calls that share places: what is asked of many for one look, what is asked of one offer, and what a booking is made by. */
export const lanes = ['search', 'offer', 'booking'] as const
export type Lane = (typeof lanes)[number]
