import { airlines } from '../airlines/index.ts'
import { buildApp } from '../app.ts'
import { loadConfig } from '../config.ts'
import { examples } from './examples.ts'
import { type ApiDocument, withExamples } from './with-examples.ts'

/** A key for the examples that nobody is served; the live description makes its own. */
const idempotencyKey = '0f8fad5b-d9cb-469f-a165-70867728950e'

/** The API description with made-up examples as of one moment: the same bytes whenever it is written. */
export async function describeGateway(now: number, dataFolder: string): Promise<ApiDocument> {
  const config = loadConfig({ LOG_LEVEL: 'silent', FANFARE_DATA: dataFolder })
  const app = await buildApp({ config, now: () => now })
  await app.ready()
  const listed = airlines.map(({ airline }) => airline)
  const document = withExamples(app.swagger(), examples({ airlines: listed, now, trip: null, idempotencyKey }))
  await app.close()
  return document
}
