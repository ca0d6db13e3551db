import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import addFormats from 'ajv-formats'

/** JSON Schema, as far as the API description uses it. */
export interface Schema {
  $ref?: string
  type?: string
  enum?: unknown[]
  const?: unknown
  anyOf?: Schema[]
  oneOf?: Schema[]
  properties?: Record<string, Schema>
  patternProperties?: Record<string, Schema>
  required?: string[]
  items?: Schema
  minItems?: number
  maxItems?: number
  minimum?: number
  maximum?: number
  minLength?: number
  maxLength?: number
  pattern?: string
  format?: string
  default?: unknown
  example?: unknown
  examples?: unknown[]
}

export interface Parameter {
  name: string
  in: 'query' | 'path' | 'header'
  required?: boolean
  schema: Schema
  example?: unknown
}

interface MediaType {
  schema: Schema
  examples?: Record<string, { value?: unknown }>
}

interface DocumentedResponse {
  content?: Record<string, MediaType>
}

interface Description {
  paths: Record<
    string,
    Record<
      string,
      {
        operationId: string
        parameters?: Parameter[]
        requestBody?: { required?: boolean; content: Record<string, MediaType> }
        responses: Record<string, DocumentedResponse>
      }
    >
  >
  components: { schemas: Record<string, Schema> }
}

/** One method of one path, as the description has it. */
export interface Operation {
  id: string
  method: string
  /** With its parameters in braces. */
  path: string
  parameters: Parameter[]
  /** null: it takes no body. */
  body: Schema | null
  /** By status. */
  responses: Record<string, DocumentedResponse>
}

/** An answer to be held to the description. */
export interface ReceivedAnswer {
  status: number
  contentType: string
  text: string
}

/** A published API description. */
export interface ApiDescription {
  operations: Operation[]
  schemas: Record<string, Schema>
  /** What about the answer is not as documented; [] when all is. */
  problems(operation: Operation, answer: ReceivedAnswer): string[]
}

/** Reads a description from its file. */
export function readDescription(file: URL): ApiDescription {
  const description: Description = JSON.parse(readFileSync(file, 'utf8'))
  const ajv = new Ajv({ strict: false, allErrors: true })
  addFormats.default(ajv)
  ajv.addSchema(description, 'description')
  const operations = Object.entries(description.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { operationId, parameters = [], requestBody, responses }]) => ({
      id: operationId,
      method: method.toUpperCase(),
      path,
      parameters,
      body: requestBody?.content['application/json']?.schema ?? null,
      responses,
    })),
  )

  return {
    operations,
    schemas: description.components.schemas,
    problems({ method, path, responses }, { status, contentType, text }) {
      const response = responses[status]
      if (response === undefined) return [`status ${status} is not documented`]
      const type = contentType.split(';')[0] ?? ''
      if (response.content === undefined) return text === '' ? [] : [`a body where none is documented: ${text}`]
      const media = response.content[type]
      if (media === undefined) return [`content type "${contentType}" is not documented for ${status}`]
      const body = type.endsWith('json') ? parse(text) : text
      if (body === undefined) return [`not JSON: ${text.slice(0, 200)}`]
      const at = ['paths', path, method.toLowerCase(), 'responses', `${status}`, 'content', type, 'schema']
      const validate = ajv.compile({ $ref: `description#/${at.map(pointerStep).join('/')}` })
      if (!validate(body)) return (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message}`)
      return type === 'application/problem+json' ? problemProblems(body, media, status) : []
    },
  }
}

/** A problem's code must be one that the operation documents for the status. */
function problemProblems(body: unknown, { examples = {} }: MediaType, status: number): string[] {
  if (typeof body !== 'object' || body === null || !('code' in body) || !('status' in body)) return ['no problem']
  return [
    ...(body.status === status ? [] : [`the problem says ${body.status}`]),
    ...(typeof body.code === 'string' && body.code in examples ? [] : [`code ${body.code} is not documented`]),
  ]
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function pointerStep(step: string): string {
  return encodeURIComponent(step.replaceAll('~', '~0').replaceAll('/', '~1'))
}
