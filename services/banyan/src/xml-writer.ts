import Builder from 'fast-xml-builder'
import { commonNamespace, messageNamespace } from './namespaces.ts'

/** What an element holds: text, elements in the order of their keys (a list repeats one), or nothing at all. */
export type Content = string | number | undefined | Tree | readonly Content[]
export interface Tree {
  readonly [name: string]: Content
}

/** Characters that no XML 1.0 document may hold, however escaped. */
const forbidden = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu

const clean = (_name: string, value: unknown) =>
  typeof value === 'string' ? value.replace(forbidden, '\ufffd') : value

const builder = new Builder({
  ignoreAttributes: false,
  suppressEmptyNode: true,
  suppressBooleanAttributes: false,
  tagValueProcessor: clean,
  attributeValueProcessor: clean,
})

const declaration = '<?xml version="1.0" encoding="UTF-8"?>'

/** A message as bytes: the root and the parts in the message namespace, what the parts hold in that of the common types. */
export function writeMessage(root: string, parts: Record<string, Tree | Tree[]>): Buffer {
  const content: Record<string, Content> = { '@_xmlns': messageNamespace }
  for (const [name, part] of Object.entries(parts)) {
    content[name] = Array.isArray(part) ? part.map(inCommonTypes) : inCommonTypes(part)
  }
  return Buffer.from(declaration + builder.build({ [root]: content }))
}

function inCommonTypes(part: Tree): Tree {
  const declared: Record<string, Content> = {}
  for (const [name, content] of Object.entries(part)) {
    declared[name] = Array.isArray(content) ? content.map(declare) : declare(content)
  }
  return declared
}

function declare(content: Content): Content {
  if (content === undefined) return undefined
  const namespace = { '@_xmlns': commonNamespace }
  return typeof content === 'object' ? { ...namespace, ...content } : { ...namespace, '#text': content }
}
