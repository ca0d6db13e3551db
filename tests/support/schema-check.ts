import { Ajv } from 'ajv'
import addFormats from 'ajv-formats'
import { components } from '../../gateway/src/schemas/index.ts'

const ajv = new Ajv({ allErrors: true, strict: false })
addFormats.default(ajv)
for (const component of components) ajv.addSchema(component)

/** What in `value` is not as the API's component of this name says; [] when all is. */
export function schemaProblems(component: string, value: unknown): string[] {
  const validate = ajv.getSchema(component)
  if (validate === undefined) throw new Error(`no component is called ${component}`)
  if (validate(value)) return []
  return (validate.errors ?? []).map(({ instancePath, message }) => `${component}${instancePath} ${message}`)
}
