import { Operation as schema } from '../schemas/airline.ts'

/** What is asked of airlines: purchase buys at once, pay buys what is held. */
export type { Operation } from '../schemas/airline.ts'

/** All of them, in the order of a journey from the first look to the way back. */
export const operations = schema.enum
