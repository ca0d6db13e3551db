import { banyan } from './banyan/connector.ts'
import type { ConnectorFactory } from './connector.ts'
import { lotus } from './lotus/connector.ts'
import { monsoon } from './monsoon/connector.ts'
import { nilgiri } from './nilgiri/connector.ts'
import { saffron } from './saffron/connector.ts'

/** The registry: one line per airline, in the order of their ports. The only file that imports airline folders. */
export const airlines: ConnectorFactory[] = [saffron, monsoon, banyan, nilgiri, lotus]
