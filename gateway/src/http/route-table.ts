import type { FastifyInstance } from 'fastify'

/** Which methods a path answers to, [] for a path that nothing is at. */
export type AllowedMethods = (path: string) => string[]

/** Watches routes being registered, so that a wrong method can be told from a wrong path. */
export function watchRoutes(app: FastifyInstance): AllowedMethods {
  const methodsByUrl = new Map<string, { form: RegExp; methods: Set<string> }>()
  app.addHook('onRoute', ({ url, method }) => {
    const entry = methodsByUrl.get(url) ?? { form: toForm(url), methods: new Set() }
    for (const name of [method].flat()) entry.methods.add(name)
    methodsByUrl.set(url, entry)
  })
  return (path) => {
    const fitting = [...methodsByUrl.values()].filter(({ form }) => form.test(path))
    return [...new Set(fitting.flatMap(({ methods }) => [...methods]))].sort()
  }
}

/** A pattern such as `/v1/bookings/:reference` as a regular expression. */
function toForm(url: string): RegExp {
  const literal = url.replace(/[.+?^${}()|[\]\\]/g, '\\$&')
  return new RegExp(`^${literal.replace(/:[^/]+/g, '[^/]+').replaceAll('*', '.*')}$`)
}
