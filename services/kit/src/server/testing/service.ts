import { once } from 'node:events'
import { saffron } from '../../world/carriers.ts'
import { buildAirlineApp } from '../app.ts'
import { runAirline } from '../run.ts'

/** An airline's program with one operation, which answers only once the process is told to stop. */
await runAirline({
  carrier: saffron,
  async buildApp({ system, simToken, logLevel }) {
    const app = await buildAirlineApp({ system, title: 'Test', description: 'A test.', simToken, logLevel })
    app.get('/wait', { schema: { operationId: 'wait' } }, async () => {
      process.stdout.write('waiting\n')
      await once(process, 'SIGTERM')
      return { waited: true }
    })
    return app
  },
})
