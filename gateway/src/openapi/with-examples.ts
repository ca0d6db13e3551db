import type { Example, OperationExamples } from './examples.ts'

/** As much of an OpenAPI document as examples touch. */
export interface ApiDocument {
  paths: Record<string, Record<string, Operation>>
}

interface Operation {
  parameters?: Parameter[]
  requestBody?: { content: Record<string, Media> }
  responses: Record<string, { content?: Record<string, Media> }>
}

interface Parameter {
  name: string
  in: string
  required?: boolean
  example?: unknown
  schema?: Record<string, unknown>
}

interface Media {
  example?: unknown
  examples?: Record<string, Example>
}

/** A copy of the document with the examples of each operation, by method and path. */
export function withExamples(document: object, examples: Record<string, OperationExamples>): ApiDocument {
  const copy: ApiDocument = JSON.parse(JSON.stringify(document))
  for (const [path, methods] of Object.entries(copy.paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      const found = examples[`${method} ${path}`]
      if (found) fillIn(operation, found)
    }
  }
  return copy
}

const eventStream = 'text/event-stream'

function fillIn(operation: Operation, examples: OperationExamples): void {
  for (const parameter of operation.parameters ?? []) fillInParameter(parameter, examples)
  for (const media of Object.values(operation.requestBody?.content ?? {})) {
    if (examples.requests) replaceExamples(media, examples.requests)
  }
  for (const [status, response] of Object.entries(operation.responses)) {
    for (const [mediaType, media] of Object.entries(response.content ?? {})) {
      const shown = mediaType === eventStream ? examples.streams?.[status] : examples.responses[status]
      if (shown) replaceExamples(media, shown)
    }
  }
}

/** Swagger UI fills in a parameter's `example`, but only shows the `examples` of its schema. */
function fillInParameter(parameter: Parameter, { parameters = {}, optional = {} }: OperationExamples): void {
  const name = parameter.name.toLowerCase()
  const filledIn = find(parameters, name)
  const shown = find(optional, name) ?? parameter.example ?? parameter.schema?.default
  delete parameter.example
  if (filledIn !== undefined) parameter.example = filledIn
  else if (shown !== undefined) parameter.schema = { ...parameter.schema, examples: [shown] }
}

function find(values: Record<string, unknown>, name: string): unknown {
  return Object.entries(values).find(([key]) => key.toLowerCase() === name)?.[1]
}

function replaceExamples(media: Media, examples: Record<string, Example>): void {
  delete media.example
  media.examples = examples
}
