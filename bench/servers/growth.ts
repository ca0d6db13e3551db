// A gateway over more airlines, or larger ones, than there are. Of the benchmark alone.
// BENCH_AIRLINES=n: n airlines, clones of the five under other names and flight numbers, which ask the five airlines' services.
// BENCH_OFFERS=n: five airlines that answer at once, without HTTP, with n offers each.

import { buildApp } from '../../gateway/src/app.ts'
import { loadConfig } from '../../gateway/src/config.ts'
import { clonedConnectors } from '../growth/clones.ts'
import { largeConnectors } from '../growth/large.ts'

const config = loadConfig()
const offers = process.env.BENCH_OFFERS
const connectors =
  offers === undefined
    ? clonedConnectors(Number(process.env.BENCH_AIRLINES), config.airlines)
    : largeConnectors(Number(offers))
const app = await buildApp({ config, connectors })
process.once('SIGTERM', () => app.close().then(() => process.exit(0)))
await app.listen({ port: config.port, host: config.host })
