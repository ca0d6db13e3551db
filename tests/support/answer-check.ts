import { Ajv } from 'ajv'
import addFormats from 'ajv-formats'

/** As much of an answer as the API description speaks of. */
interface CheckedAnswer {
  statusCode: number
  headers: Record<string, unknown>
  /** The body as text. */
  body: string
}

/**
 * Finds what in an answer is not as the API description says: an operation, status or media type that it does not know,
 * or a body that does not fit its schema. [] when all is as documented.
 */
export type AnswerCheck = (method: string, url: string, answer: CheckedAnswer) => string[]

interface Described {
  paths: Record<string, Record<string, { responses: Record<string, { content?: Record<string, unknown> }> }>>
}

/** Checks answers against an OpenAPI 3.1 document, e.g. `app.swagger()`. */
export function createAnswerCheck(document: object): AnswerCheck {
  const described: Described = JSON.parse(JSON.stringify(document))
  const ajv = new Ajv({ allErrors: true, strict: false })
  addFormats.default(ajv)
  ajv.addSchema(described, 'document')

  return (method, url, { statusCode, headers, body }) => {
    const [path = ''] = url.split('?')
    const template = Object.keys(described.paths).find((candidate) => toForm(candidate).test(path))
    const verb = method === 'HEAD' ? 'get' : method.toLowerCase()
    if (template === undefined) return [`${path} is not described`]
    const response = described.paths[template]?.[verb]?.responses[statusCode]
    if (!response) return [`${method} ${template} is not described to answer ${statusCode}: ${body.slice(0, 200)}`]
    if (!response.content || method === 'HEAD')
      return body === '' ? [] : [`${method} ${template}: a body where none is described`]
    const [mediaType = ''] = String(headers['content-type']).split(';')
    if (!response.content[mediaType]) return [`${method} ${template} ${statusCode} is not described as ${mediaType}`]
    const steps = ['paths', template, verb, 'responses', String(statusCode), 'content', mediaType, 'schema']
    const validate = ajv.compile({ $ref: `document#/${steps.map(toStep).join('/')}` })
    if (validate(mediaType.endsWith('json') ? JSON.parse(body) : body)) return []
    return (validate.errors ?? []).map(
      ({ instancePath, message }) => `${method} ${template} ${statusCode}: ${instancePath} ${message}`,
    )
  }
}

function toForm(template: string): RegExp {
  const parts = template.split(/\{[^}]+\}/).map((literal) => literal.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${parts.join('[^/]+')}$`)
}

/** One step of a JSON pointer in a URI fragment. */
function toStep(step: string): string {
  return encodeURIComponent(step.replaceAll('~', '~0').replaceAll('/', '~1'))
}
