import helmet from '@fastify/helmet'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyPluginAsync } from 'fastify'
import { errorsPage } from '../openapi/errors-page.ts'

/** What the pages under `/docs` need. */
export interface DocsOptions {
  /** The airlines' own API descriptions: what the drop-down calls them and where they are. */
  airlineApis: { title: string; url: string }[]
  /** The gateway's API description as it stands now. */
  document: () => Promise<object>
}

/** `GET /docs`, the Swagger UI, `GET /openapi.json`, what it shows, and `GET /docs/errors`, where problems point to. */
export const docsRoutes: FastifyPluginAsync<DocsOptions> = async (app, { airlineApis, document }) => {
  const airlineOrigins = airlineApis.map(({ url }) => new URL(url).origin)
  await app.register(helmet, {
    // Everything is plain HTTP on a laptop, and the page calls the airlines on ports of their own.
    hsts: false,
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        styleSrc: ["'self'", "'unsafe-inline'"],
        connectSrc: ["'self'", ...airlineOrigins],
        objectSrc: ["'none'"],
        frameAncestors: ["'self'"],
      },
    },
  })
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    uiConfig: {
      urls: [
        { name: 'Fanfare', url: '/openapi.json' },
        ...airlineApis.map(({ title, url }) => ({ name: title, url: new URL('/openapi.json', url).href })),
      ],
      tryItOutEnabled: true,
      displayRequestDuration: true,
      docExpansion: 'list',
    },
  })
  app.get('/docs/errors', { schema: { hide: true } }, async (_request, reply) => {
    return reply.type('text/html; charset=utf-8').send(errorsPage)
  })
  app.get('/openapi.json', { schema: { hide: true } }, async (_request, reply) => {
    return reply.header('cache-control', 'no-cache').send(await document())
  })
}
