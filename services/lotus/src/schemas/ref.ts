import { type Static, type TSchema, Type } from 'typebox'

/** A closed object with a name of its own in the API description. */
export function component<const Id extends string, T extends Record<string, TSchema>>(
  id: Id,
  properties: T,
  description: string,
) {
  const schema = Type.Object(properties, { $id: id, description, additionalProperties: false })
  return schema as typeof schema & { $id: Id }
}

/** Points at a named component instead of repeating it, keeping its static type. */
export function ref<T extends TSchema & { $id: string }>(component: T, options: { description?: string } = {}) {
  return Type.Unsafe<Static<T>>({ $ref: `${component.$id}#`, ...options })
}

/** A closed object that has no name of its own. */
export function closed<T extends Record<string, TSchema>>(properties: T, description?: string) {
  return Type.Object(properties, { additionalProperties: false, ...(description !== undefined && { description }) })
}

/** A schema that also admits null; the description says what null means. */
export function nullable<T extends TSchema>(schema: T, description: string) {
  return Type.Union([schema, Type.Null()], { description })
}
