import { Ajv, type Options } from 'ajv'
import addFormats from 'ajv-formats'
import type { FastifySchemaCompiler, FastifySchemaValidationError } from 'fastify'
import type { TSchema } from 'typebox'
import { FanfareError } from '../errors.ts'
import { components } from '../schemas/index.ts'

/** The schemas are our own, and what reads the published description tests them: at each start that is left out. */
const options: Options = {
  allErrors: true,
  useDefaults: true,
  removeAdditional: false,
  strict: true,
  validateSchema: false,
}

function createAjv(extra: Options): Ajv {
  const ajv = new Ajv({ ...options, ...extra })
  addFormats.default(ajv)
  for (const component of components) ajv.addSchema(component)
  return ajv
}

/**
 * Compiles the schemas of requests. What stands in a URL or header is text, so it is read as the number, boolean or
 * list that its schema names; a JSON body has types of its own, and none is bent to fit.
 */
export function createValidatorCompiler(): FastifySchemaCompiler<TSchema> {
  const bodies = createAjv({})
  const texts = createAjv({ coerceTypes: 'array' })
  return ({ schema, httpPart }) => (httpPart === 'body' ? bodies : texts).compile(schema)
}

/** The most wrong fields that one answer names. */
const mostErrors = 50

const parts: Record<string, string> = { body: 'Body', querystring: 'Query', params: 'Path', headers: 'Headers' }

/** invalid_request with an entry for each wrong, missing or unknown field. */
export function toInvalidRequest(errors: FastifySchemaValidationError[], part: string): FanfareError {
  const named = errors.slice(0, mostErrors).map(describe)
  const [first] = named
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : ''
  const detail = `${parts[part] ?? part}: ${first ? `${first.path} ${first.message}`.trim() : 'not valid'}${more}`
  return new FanfareError('invalid_request', detail, { errors: named })
}

function describe({ keyword, instancePath, params, message }: FastifySchemaValidationError) {
  switch (keyword) {
    case 'additionalProperties':
      return { path: pointer(instancePath, params.additionalProperty), message: 'is not known here' }
    case 'required':
      return { path: pointer(instancePath, params.missingProperty), message: 'is required' }
    case 'enum': {
      const allowed = Array.isArray(params.allowedValues) ? params.allowedValues.join(', ') : ''
      return { path: instancePath, message: `must be one of: ${allowed}` }
    }
    case 'format':
      return { path: instancePath, message: `must be ${formats[String(params.format)] ?? `a ${params.format}`}` }
    default:
      return { path: instancePath, message: message ?? 'is not valid' }
  }
}

const formats: Record<string, string> = {
  date: 'a date that exists, YYYY-MM-DD',
  'date-time': 'a time with its offset, e.g. 2030-01-15T06:10:00+05:30',
  email: 'an email address',
}

/** A step down a JSON pointer (RFC 6901). */
function pointer(parent: string, key: unknown): string {
  return `${parent}/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`
}
