import fc from 'fast-check'
import type { Schema } from './openapi.ts'

/** Values that a JSON schema admits: its examples and default, and others made up from it. */
export function admitted(schema: Schema, schemas: Record<string, Schema>): fc.Arbitrary<unknown> {
  const known = [schema.example, ...(schema.examples ?? []), schema.default].filter((value) => value !== undefined)
  const made = makeValue(schema, schemas)
  return known.length === 0 ? made : fc.oneof(fc.constantFrom(...known), made)
}

function makeValue(schema: Schema, schemas: Record<string, Schema>): fc.Arbitrary<unknown> {
  const nested = (inner: Schema) => admitted(inner, schemas)
  if (schema.$ref !== undefined) return nested(resolved(schema, schemas))
  if (schema.const !== undefined) return fc.constant(schema.const)
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum)
  const either = schema.anyOf ?? schema.oneOf
  if (either !== undefined) return fc.oneof(...either.map(nested))
  switch (schema.type) {
    case 'object': {
      const { properties = {}, required = [] } = schema
      const fields = Object.fromEntries(Object.entries(properties).map(([name, inner]) => [name, nested(inner)]))
      return fc.record(fields, { requiredKeys: required.filter((name) => name in fields) })
    }
    case 'array':
      return fc.array(nested(schema.items ?? {}), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.min(schema.maxItems ?? 3, 3),
      })
    case 'integer':
      return fc.integer({ min: schema.minimum ?? -10, max: schema.maximum ?? 1_000 })
    case 'number':
      return fc.double({ min: schema.minimum ?? -10, max: schema.maximum ?? 1_000, noNaN: true })
    case 'boolean':
      return fc.boolean()
    case 'null':
      return fc.constant(null)
    case 'string':
      return text(schema)
    default:
      return fc.jsonValue({ maxDepth: 2 })
  }
}

function text({ format, pattern, minLength = 0, maxLength = 40 }: Schema): fc.Arbitrary<string> {
  switch (format) {
    case 'date':
      return date()
    case 'date-time':
      return fc.tuple(date(), fc.constantFrom('Z', '+05:30')).map(([day, offset]) => `${day}T06:10:00${offset}`)
    case 'email':
      return fc.emailAddress()
    case 'uuid':
      return fc.uuid()
  }
  // Classes of Unicode are beyond what can be generated from a pattern.
  if (pattern !== undefined && !pattern.includes('\\p{')) return fc.stringMatching(new RegExp(pattern))
  return fc.string({ minLength, maxLength: Math.min(maxLength, minLength + 40) })
}

/** Near today, mostly. */
function date(): fc.Arbitrary<string> {
  const today = Temporal.Now.plainDateISO('UTC')
  return fc.oneof(
    { weight: 5, arbitrary: fc.integer({ min: -3, max: 340 }).map((days) => `${today.add({ days })}`) },
    fc.integer({ min: 0, max: 40_000 }).map((days) => `${Temporal.PlainDate.from('1950-01-01').add({ days })}`),
  )
}

/** What breaks programs: other types, empty and huge texts, control characters, prototypes, dates that are not. */
export const junk: fc.Arbitrary<unknown> = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.constantFrom<unknown>(
    '',
    ' ',
    '\u0000',
    '../../etc/passwd',
    "' OR 1=1 --",
    '%00',
    '%',
    '\ud800',
    '2026-02-30',
    '0000-00-00',
    '99999-01-01',
    '1e309',
    'NaN',
    '-0',
    '__proto__',
    'constructor',
    'x'.repeat(3_000),
    null,
    true,
    -1,
    0.1,
    1e21,
    Number.MAX_SAFE_INTEGER,
    [],
    {},
    [[]],
  ),
)

/** A value of a schema with one part of it replaced by another that the schema admits there. */
export function varied(value: unknown, schema: Schema, schemas: Record<string, Schema>): fc.Arbitrary<unknown> {
  const { properties, items } = resolved(schema, schemas)
  if (Array.isArray(value) && items !== undefined && value.length > 0) {
    return fc
      .nat(value.length - 1)
      .chain((index) => varied(value[index], items, schemas).map((inner) => value.with(index, inner)))
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value) || properties === undefined) {
    return admitted(schema, schemas)
  }
  const entries = Object.entries(value)
  return fc.constantFrom(...Object.entries(properties)).chain(([name, inner]) => {
    const before = entries.find(([key]) => key === name)?.[1]
    const after = before === undefined ? admitted(inner, schemas) : varied(before, inner, schemas)
    return after.map((changed) => ({ ...value, [name]: changed }))
  })
}

function resolved(schema: Schema, schemas: Record<string, Schema>): Schema {
  return schema.$ref === undefined ? schema : (schemas[schema.$ref.split('/').at(-1) ?? ''] ?? {})
}

/** A JSON value with something in it taken away, added or replaced. */
export function mutated(value: unknown): fc.Arbitrary<unknown> {
  if (Array.isArray(value)) {
    if (value.length === 0) return junk
    const at = fc.nat(value.length - 1)
    return fc.oneof(
      junk,
      at.map((index) => value.toSpliced(index, 1)),
      at.map((index) => [...value, value[index]]),
      at.chain((index) => mutated(value[index]).map((inner) => value.with(index, inner))),
    )
  }
  if (typeof value !== 'object' || value === null) return junk
  const entries = Object.entries(value)
  if (entries.length === 0) return junk
  const at = fc.nat(entries.length - 1)
  return fc.oneof(
    { weight: 1, arbitrary: junk },
    { weight: 2, arbitrary: at.map((index) => Object.fromEntries(entries.toSpliced(index, 1))) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.string({ minLength: 1, maxLength: 10 }), junk)
        .map(([name, more]) => ({ ...value, [name]: more })),
    },
    {
      weight: 6,
      arbitrary: at.chain((index) => {
        const [name, inner] = entries[index] ?? ['', null]
        return mutated(inner).map((changed) => Object.fromEntries(entries.with(index, [name, changed])))
      }),
    },
  )
}
