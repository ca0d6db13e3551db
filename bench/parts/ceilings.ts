import { airlines } from '../../gateway/src/airlines/index.ts'
import { availabilityRequests } from '../airline-requests.ts'
import { airlineProgram } from '../context.ts'
import { load, loadBySearches } from '../load-task.ts'
import { alternate, type Rounds, rateTable } from '../rounds.ts'
import { dateAhead } from '../searches.ts'
import type { Part } from './part.ts'

/** What each airline answers alone: a load test must not measure the simulation. */
export const ceilings: Part = {
  title: 'Each airline alone',
  what: 'availability requests that each airline answers on one core',
  async measure({ start, folder, seconds, rounds }) {
    const results: Rounds[] = []
    for (const { airline } of airlines) {
      const server = await start(...airlineProgram(airline.name, folder, 0))
      const measure = async () => {
        const requests = await availabilityRequests(airline.name, server.url, dateAhead)
        if (requests !== null) return load(server, { connections: 16, seconds, requests })
        const dates = Array.from({ length: 20 }, (_, day) => dateAhead(20 + day))
        return loadBySearches(server, { airline: airline.name, searches: 256, seconds, dates })
      }
      results.push(...(await alternate([{ name: airline.title, measure }], rounds)))
      await server.stop()
    }
    const note = 'Lotus Air’s requests are good once only, so its connector makes the load and bounds the rate.'
    return { tables: [rateTable('Availability requests, warm, on one core', results)], charts: [], notes: [note] }
  },
}
