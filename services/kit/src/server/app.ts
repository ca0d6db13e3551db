import type { Server } from 'node:http'
import cors from '@fastify/cors'
import swagger, { type FastifyDynamicSwaggerOptions } from '@fastify/swagger'
import swaggerUi, { type FastifySwaggerUiOptions } from '@fastify/swagger-ui'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyRequest,
  type RawReplyDefaultExpression,
  type RawRequestDefaultExpression,
  type RawServerDefault,
} from 'fastify'
import type { AirlineSystem } from '../airline-system.ts'
import { type Essentials, sufferAnswers } from '../faults/answers.ts'
import { controlPlane } from './control.ts'
import { type LiveExamples, refreshExamples } from './live-examples.ts'
import { buildValidator } from './validation.ts'

/** What a dialect's buildApp takes. */
export interface AirlineAppOptions {
  system: AirlineSystem
  /** API key or client id that callers must show. */
  key: string
  /** Client secret, for dialects that have one. */
  secret: string
  /** Token of the control plane; undefined: no control plane. */
  simToken: string | undefined
  /** pino's level. */
  logLevel: string
  /** Share of its answers, 0 to 1, in which an airline whose availability may lie does so; undefined: its own. */
  lieRate?: number | undefined
}

/** An airline's HTTP service. */
export type AirlineApp = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>

type OpenApi = NonNullable<FastifyDynamicSwaggerOptions['openapi']>

type RequestInterceptor = NonNullable<FastifySwaggerUiOptions['uiConfig']>['requestInterceptor']

/** What the kit needs to know of a dialect. */
export interface DialectDescription {
  system: AirlineSystem
  /** Of the API, as its description has it. */
  title: string
  /** Markdown: what the API is, how to sign in, how to begin. */
  description: string
  /** Of the API; `1.0.0` when left out. */
  version?: string
  /** Groups of operations, in the order that Swagger UI shows. */
  tags?: OpenApi['tags']
  /** How callers sign in, by name. */
  securitySchemes?: NonNullable<OpenApi['components']>['securitySchemes']
  /** Sign-in of every operation that says nothing else. */
  security?: OpenApi['security']
  /** Examples that go stale; the description is served with them brought up to date. */
  examples?: LiveExamples
  /** What Swagger UI does to each request before it sends it. It runs in the reader's browser, from its source text alone. */
  requestInterceptor?: RequestInterceptor
  /** Token of the control plane; undefined: no control plane. */
  simToken: string | undefined
  /** pino's level. */
  logLevel: string
  /** What faults spoil in its answers. */
  essentials?: Essentials
  /** What it says to whoever asks too often, in its own words. */
  tooManyRequests?: { type: string; body: string }
}

/** Largest body that is read; more is answered with 413. */
const bodyLimit = 256 * 1024

/** Pages on this machine may call the airline from a browser, and no others. */
const loopbackOrigin = /^https?:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/

/**
 * A Fastify app with everything that every dialect has: Swagger UI at /docs, the API description (OpenAPI 3.1) at
 * /openapi.json, CORS for loopback pages, GET /health and, with a token, the control plane under /_sim. The dialect adds
 * its routes to what this resolves to; schemas with an `$id` that it adds become named components. Unknown fields are
 * refused where a schema is closed, query and path are coerced to their types, bodies never. The error and not-found
 * handlers are Fastify's own (plain JSON) until the dialect sets its own.
 */
export async function buildAirlineApp(dialect: DialectDescription): Promise<AirlineApp> {
  const { system, logLevel, examples = { initial: {}, current: () => ({}) } } = dialect
  const app: AirlineApp = fastify({
    logger: { level: logLevel, name: system.carrier.name },
    bodyLimit,
    exposeHeadRoutes: false,
    // A path that cannot be read is an error like any other: the dialect's handler words it.
    frameworkErrors: (error, request, reply) => app.errorHandler(error, request, reply),
    schemaController: { compilersFactory: { buildValidator } },
  }).withTypeProvider<TypeBoxTypeProvider>()

  // Response schemas describe; on this Node JSON.stringify is faster than a serialiser compiled from them.
  app.setSerializerCompiler(() => (data) => JSON.stringify(data))
  app.addHook('onRoute', ({ method, url, schema }) => {
    if (!schema?.hide && !schema?.operationId) throw new Error(`${method} ${url} has no operationId in its schema`)
  })

  if (system.simulation) {
    const { essentials = {}, tooManyRequests = { type: 'text/plain', body: 'Too Many Requests' } } = dialect
    const obeysHeader = dialect.simToken !== undefined
    sufferAnswers(app, { system, simulation: system.simulation, obeysHeader, essentials, tooManyRequests })
  }
  app.addHook('preClose', async () => closeAsTheyFallIdle(app.server))

  await app.register(cors, { origin: loopbackOrigin })
  await app.register(swagger, { openapi: describe(dialect), refResolver: { buildLocalReference: componentName } })
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    uiConfig: {
      tryItOutEnabled: true,
      displayRequestDuration: true,
      ...(dialect.requestInterceptor && { requestInterceptor: dialect.requestInterceptor }),
    },
    transformSpecification: (description, request) => refreshExamples(description, examples, originOf(request)),
    transformSpecificationClone: false,
  })

  app.get('/openapi.json', { schema: { hide: true } }, (request) =>
    refreshExamples(app.swagger(), examples, originOf(request)),
  )
  app.get('/health', { schema: { hide: true } }, () => ({ status: 'ok', airline: system.carrier.name }))

  if (dialect.simToken !== undefined) {
    await app.register(controlPlane, { prefix: '/_sim', system, token: dialect.simToken })
  }
  return app
}

/** Where the caller reached the service. */
function originOf({ protocol, host }: Pick<FastifyRequest, 'protocol' | 'host'>): string {
  return `${protocol}://${host}`
}

/** Closing a server ends the connections that are idle then; those that answer a last request would stay open until the client tires. */
function closeAsTheyFallIdle(server: Server): void {
  if (!server.listening) return
  const sweep = setInterval(() => server.closeIdleConnections(), 50)
  server.once('close', () => clearInterval(sweep))
}

function describe({
  title,
  description,
  version = '1.0.0',
  tags,
  securitySchemes,
  security,
}: DialectDescription): OpenApi {
  return {
    openapi: '3.1.0',
    info: { title, description, version, license: { name: 'MIT', url: 'https://opensource.org/license/mit' } },
    servers: [{ url: '/' }],
    ...(tags && { tags }),
    ...(security && { security }),
    components: securitySchemes ? { securitySchemes } : {},
  }
}

function componentName(schema: { $id?: unknown }, _base: unknown, _fragment: unknown, index: number): string {
  return typeof schema.$id === 'string' ? schema.$id : `Schema${index}`
}
