import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger'
import { errorTable } from '../errors.ts'
import { ratesDate } from '../money/money.ts'
import { components } from '../schemas/index.ts'
import { markOptional } from './optional.ts'

const errorList = Object.entries(errorTable).map(
  ([code, { status, when, remedy }]) => `| \`${code}\` | ${status} | ${when} | ${remedy} |`,
)

const description = `Fanfare asks several airlines at once, each in its own dialect, and answers with one list of offers, one
itinerary with every seat map and baggage option, and one booking across airlines. The airlines are simulated.

1. \`GET /v1/search\` finds offers; \`sources\` says how each airline took part.
2. \`GET /v1/itinerary\` prices chosen offers again and shows their seats and baggage.
3. \`POST /v1/bookings\` books them, with the seats, the baggage and the total you expect.

The examples here work as they stand: press “Try it out”, then “Execute”.

**Money** is a decimal string with a currency, never a float. Other currencies than an airline's own are converted by a
fixed table of rates of ${ratesDate}, rounded half to even. **Times** at an airport carry its offset. **Errors** are
problem+json (RFC 9457) with a stable \`code\`:

| code | status | when | what to do |
| --- | --- | --- | --- |
${errorList.join('\n')}
`

/** What @fastify/swagger is told: the head of the document, and components that keep their names and descriptions. */
export const documentOptions: FastifyDynamicSwaggerOptions = {
  openapi: {
    openapi: '3.1.0',
    info: {
      title: 'Fanfare',
      version: '1.0.0',
      summary: 'Search, price and book flights of several airlines through one API',
      description,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/', description: 'This gateway' }],
    security: [],
    tags: [
      { name: 'Shopping', description: 'Find flights and look at them closely' },
      { name: 'Bookings', description: 'Book, pay, read and cancel' },
      { name: 'Places', description: 'Airports and cities' },
      { name: 'Airlines', description: 'Who is asked, and how they are' },
      { name: 'Health', description: 'For whoever runs the gateway' },
      {
        name: 'Simulation',
        description:
          'Control of the simulated world: the gateway’s clock and every airline. Open to who sends the token in `Fanfare-Sim-Token`; closed without `FANFARE_SIM_TOKEN`',
      },
    ],
  },
  refResolver: { buildLocalReference: (json) => String(json.$id) },
  transformObject: (documents) => {
    if (!('openapiObject' in documents)) throw new TypeError('The document is not OpenAPI 3')
    const { openapiObject } = documents
    // The plugin drops what stands beside a $ref; OpenAPI 3.1 allows it, and there our descriptions are.
    const document = JSON.parse(JSON.stringify({ ...openapiObject, components: { schemas: namedSchemas() } }))
    markOptional(document)
    return document
  },
}

/** The components as they stand in the document: references point into it, and names are keys, not `$id`s. */
function namedSchemas() {
  const schemas = Object.fromEntries(components.map((component) => [component.$id, component]))
  return JSON.parse(JSON.stringify(schemas), (key, value) => {
    if (key === '$id') return undefined
    return key === '$ref' ? `#/components/schemas/${value.slice(0, -1)}` : value
  })
}
