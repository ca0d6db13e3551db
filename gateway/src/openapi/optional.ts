/** As much of an OpenAPI document as this looks at. */
interface Described {
  paths?: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, ObjectSchema> }
}

interface Operation {
  parameters?: { required?: boolean; schema?: { default?: unknown } }[]
  requestBody?: { required?: boolean; content: Record<string, { schema: { $ref?: string } }> }
}

interface ObjectSchema {
  required?: string[]
  properties?: Record<string, { default?: unknown }>
}

/**
 * Says of everything with a default that it may be left out, and so of a body whose fields may all be. The schemas
 * themselves require it, since a handler finds it filled in.
 */
export function markOptional({ paths = {}, components }: Described): void {
  for (const schema of Object.values(components.schemas)) {
    const required = schema.required?.filter((name) => schema.properties?.[name]?.default === undefined) ?? []
    if (required.length > 0) schema.required = required
    else delete schema.required
  }
  for (const { parameters = [], requestBody } of Object.values(paths).flatMap((methods) => Object.values(methods))) {
    for (const parameter of parameters) {
      if (parameter.schema?.default !== undefined) parameter.required = false
    }
    for (const { schema } of Object.values(requestBody?.content ?? {})) {
      const body = components.schemas[schema.$ref?.split('/').at(-1) ?? '']
      if (requestBody && body && !body.required) requestBody.required = false
    }
  }
}
