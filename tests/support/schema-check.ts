import { Ajv, type ValidateFunction } from 'ajv'
import addFormats from 'ajv-formats'
import { components } from '../../gateway/src/schemas/index.ts'

const ajv = new Ajv({ allErrors: true, strict: false })
addFormats.default(ajv)
for (const component of components) ajv.addSchema(component)
const references = new Map<string, { $ref: string }>()

/** What in `value` is not as the API's component of this name says; [] when all is. */
export function schemaProblems(component: string, value: unknown): string[] {
  const validate = validator(component)
  if (validate(value)) return []
  return (validate.errors ?? []).map(({ instancePath, message }) => `${component}${instancePath} ${message}`)
}

/** The value, once it is known to be what the component says; T is that component's static type. */
export function parseAs<T>(component: string, value: unknown): T {
  const validate: ValidateFunction<T> = ajv.compile<T>(referenceTo(component))
  if (validate(value)) return value
  throw new Error(`${schemaProblems(component, value).join('\n')}\nin ${JSON.stringify(value).slice(0, 2_000)}`)
}

function validator(component: string): ValidateFunction<unknown> {
  return ajv.compile(referenceTo(component))
}

/** The very same object for the same component: Ajv compiles it once. */
function referenceTo(component: string): { $ref: string } {
  const reference = references.get(component) ?? { $ref: `${component}#` }
  references.set(component, reference)
  return reference
}
