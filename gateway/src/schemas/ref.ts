import { type Static, type TSchema, Type } from 'typebox'

/**
 * Points at a named component instead of repeating it, keeping its static type.
 * The component must carry a `$id` and be registered with the app (see schemas/index.ts).
 */
export function ref<T extends TSchema & { $id: string }>(component: T, options: { description?: string } = {}) {
  return Type.Unsafe<Static<T>>({ $ref: `${component.$id}#`, ...options })
}

/** A schema that also admits null; the description says what null means. */
export function nullable<T extends TSchema>(schema: T, description?: string) {
  return Type.Union([schema, Type.Null()], description === undefined ? {} : { description })
}

/** A closed object with a name of its own in the OpenAPI document. */
export function component<const Id extends string, T extends Record<string, TSchema>>(
  id: Id,
  properties: T,
  description: string,
) {
  const schema = Type.Object(properties, { $id: id, description, additionalProperties: false })
  return schema as typeof schema & { $id: Id }
}

/** One of these words. */
export function oneOf<const T extends string[]>(
  words: [...T],
  options: { description?: string; default?: T[number] } = {},
) {
  return Type.Enum(words, { type: 'string', ...options })
}
