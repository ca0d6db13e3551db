import { ParseOption, XmlDocument, XmlElement, XmlParseError } from 'libxml2-wasm'
import { commonNamespace, messageNamespace } from './namespaces.ts'
import { NdcFault } from './ndc-fault.ts'

/** An element as read. */
export interface XmlNode {
  name: string
  /** Text without the white space around it; empty where the element has children. */
  text: string
  /** The currency of an amount; undefined on any other element. */
  currency: string | undefined
  children: XmlNode[]
}

/** Nothing outside the document is ever read. */
const option = ParseOption.XML_PARSE_NONET | ParseOption.XML_PARSE_NO_XXE

/**
 * Reads a message into plain nodes. Throws NdcFault 914 where it is not well-formed, has a DTD, or an element is not in
 * the namespace that NDC has it in.
 */
export function readXml(bytes: Buffer): XmlNode {
  using document = parse(bytes)
  if (document.dtd !== null) throw new NdcFault('914', 'a document type definition is not accepted')
  return readElement(document.root, 0)
}

function parse(bytes: Buffer): XmlDocument {
  try {
    return XmlDocument.fromBuffer(bytes, { option })
  } catch (error) {
    if (error instanceof XmlParseError) throw new NdcFault('914', `not well-formed XML: ${error.message.trim()}`)
    throw error
  }
}

function readElement(element: XmlElement, depth: number): XmlNode {
  const { name } = element
  const namespace = depth < 2 ? messageNamespace : commonNamespace
  if (element.namespaceUri !== namespace) {
    throw new NdcFault('914', `${name} is not in the namespace ${namespace}`, name)
  }
  const node: XmlNode = { name, text: '', currency: undefined, children: [] }
  // Implementers put elements of their own here, in whatever namespace.
  if (name === 'AugmentationPoint') return node
  for (let child = element.firstChild; child !== null; child = child.next) {
    if (child instanceof XmlElement) node.children.push(readElement(child, depth + 1))
  }
  if (node.children.length === 0) node.text = element.content.trim()
  if (name.endsWith('Amount')) node.currency = element.attr('CurCode')?.value
  return node
}

/** The first child of the name; undefined when there is none. */
export function child(node: XmlNode | undefined, name: string): XmlNode | undefined {
  return node?.children.find((candidate) => candidate.name === name)
}

/** Every child of the name. */
export function childrenOf(node: XmlNode | undefined, name: string): XmlNode[] {
  return node?.children.filter((candidate) => candidate.name === name) ?? []
}

/** The element at the end of the path. Throws NdcFault 912 when one on the way is missing. */
export function required(node: XmlNode, ...path: string[]): XmlNode {
  let at = node
  for (const name of path) {
    const next = child(at, name)
    if (next === undefined) throw new NdcFault('912', `${at.name} has no ${name}`, name)
    at = next
  }
  return at
}

/** The text at the end of the path. Throws NdcFault 912 when it is missing or empty. */
export function requiredText(node: XmlNode, ...path: string[]): string {
  const { name, text } = required(node, ...path)
  if (text === '') throw new NdcFault('912', `${name} is empty`, name)
  return text
}

/** The only child of the name. Throws NdcFault 912 when there is none, 915 when there are several. */
export function only(node: XmlNode, name: string): XmlNode {
  const [first, ...others] = childrenOf(node, name)
  if (first === undefined) throw new NdcFault('912', `${node.name} has no ${name}`, name)
  if (others.length > 0) throw new NdcFault('915', `one ${name} at a time`, name)
  return first
}
