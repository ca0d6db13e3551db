import AjvCompiler from '@fastify/ajv-compiler'

type BuildValidator = AjvCompiler.BuildCompilerFromPool

const build = AjvCompiler()

/**
 * Unknown fields are refused rather than dropped, and one wrong field is enough to stop. The schemas are our own, and what reads the
 * published description tests them: at each start that is left out.
 */
const strictness = { removeAdditional: false, allErrors: false, validateSchema: false } as const

/**
 * Fastify's validator, twice: what comes as text (query, path, headers) is coerced to its type, a body must have the
 * right types as it is.
 */
export const buildValidator: BuildValidator = (externalSchemas) => {
  const coercing = build(externalSchemas, { customOptions: { ...strictness, coerceTypes: 'array' } })
  const exact = build(externalSchemas, { customOptions: { ...strictness, coerceTypes: false } })
  return (route) => (typeof route === 'object' && route.httpPart === 'body' ? exact(route) : coercing(route))
}
