import { Histogram, type Registry } from '@prometheus-io/client'
import type { FastifyInstance, FastifyReply, RouteOptions } from 'fastify'
import { secondsBuckets } from './buckets.ts'
import { createKeptCounter } from './series.ts'

/** Statuses of what no route answered, or that a route need not document. */
const statusesOfNone = [400, 404, 405, 408, 414, 429, 431, 500, 503]

/** Classes of status. */
const classes = ['2xx', '3xx', '4xx', '5xx']

/** Counts and times requests that are answered otherwise than by their route. */
export interface RequestMeter {
  /** What is to be done at the end of each such request; `statuses` are those that it may have. */
  measure(
    route: string,
    method: string,
    statuses: readonly number[],
  ): (answered: { statusCode: number; elapsedTime: number }) => void
}

/**
 * Counts and times every request by route, method and status. By a hook of our own on each route rather than by
 * fastify-metrics: that looks the route up and builds its labels anew for every request, where a route knows them from the
 * beginning, and it has the series of a status only once it has occurred.
 */
export function measureRequests(app: FastifyInstance, registry: Registry): RequestMeter {
  const requests = createKeptCounter(registry, {
    name: 'fanfare_http_requests_total',
    help: 'Requests answered, by route (none: there is none at the path), method and status',
    labelNames: ['route', 'method', 'status'],
  })
  const seconds = new Histogram({
    name: 'fanfare_http_request_duration_seconds',
    help: 'How long requests took from their headers to the end of their answer, in seconds, by route, method and class of status',
    labelNames: ['route', 'method', 'status'],
    buckets: [...secondsBuckets],
    registers: [registry],
  })

  /** What is to be done at the end of each request of a route and method; their series begin at zero. */
  function measure(route: string, method: string, statuses: readonly number[]) {
    const byStatus = new Map(statuses.map((status) => [status, seriesOf(status)]))

    function seriesOf(status: number) {
      const timed = { route, method, status: `${Math.floor(status / 100)}xx` }
      return { count: requests.series({ route, method, status: `${status}` }), timed }
    }

    return ({ statusCode, elapsedTime }: Pick<FastifyReply, 'statusCode' | 'elapsedTime'>) => {
      const series = byStatus.get(statusCode) ?? seriesOf(statusCode)
      byStatus.set(statusCode, series)
      series.count()
      seconds.observe(series.timed, elapsedTime / 1000)
    }
  }

  const measureNone = measure('none', 'any', statusesOfNone)
  const classesOf = (statuses: readonly number[]) => new Set(statuses.map((status) => `${Math.floor(status / 100)}xx`))
  for (const status of classesOf(statusesOfNone)) seconds.zero({ route: 'none', method: 'any', status })
  app.addHook('onResponse', (request, reply, done) => {
    if (request.is404) measureNone(reply)
    done()
  })

  app.addHook('onRoute', (options) => {
    const route = routeName(options.url)
    const statuses = statusesOf(options)
    const method = [options.method].flat().join(',')
    const note = measure(route, method, statuses)
    for (const status of classes) {
      if (classesOf(statuses).has(status)) seconds.zero({ route, method, status })
    }
    options.onResponse = [
      ...[options.onResponse ?? []].flat(),
      (_request, reply, done) => {
        note(reply)
        done()
      },
    ]
  })
  return { measure }
}

/** The pages of the documentation count as one route. */
function routeName(url: string): string {
  return url === '/openapi.json' || url.startsWith('/docs') ? '/docs' : url
}

/** The statuses that a route documents. */
function statusesOf({ schema }: RouteOptions): number[] {
  const documented = Object.keys(Object(schema?.response)).map(Number).filter(Number.isInteger)
  return documented.length > 0 ? documented : [200, 304, 404, 500]
}
