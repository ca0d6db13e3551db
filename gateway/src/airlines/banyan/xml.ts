import { ParseOption, XmlDocument, XmlElement, XmlParseError } from 'libxml2-wasm'
import { isAmount, readPlainXml } from './plain-xml.ts'

/** An answer that does not read as NDC says. */
export class WireError extends Error {
  override name = 'WireError'
}

/** An element as read. */
export interface XmlNode {
  name: string
  /** Text of an element without children, without the white space around it. */
  text: string
  /** CurCode of an amount; undefined where it has none. */
  currency: string | undefined
  children: XmlNode[]
}

/** Nothing outside the document is ever read. */
const option = ParseOption.XML_PARSE_NONET | ParseOption.XML_PARSE_NO_XXE

/** Reads a document. Throws WireError where it is not well-formed, has a DTD, or its root is not as named. */
export function readXml(bytes: Buffer, root: string, namespace: string): XmlNode {
  return readPlainXml(bytes, root, namespace) ?? readByLibrary(bytes, root, namespace)
}

/** The same for every document. It makes objects for each node on its way, and takes several times as long. */
export function readByLibrary(bytes: Buffer, root: string, namespace: string): XmlNode {
  using document = parse(bytes)
  if (document.dtd !== null) throw new WireError('a document type definition is not accepted')
  const element = document.root
  if (element.name !== root || element.namespaceUri !== namespace) {
    throw new WireError(`expected ${root}, not ${element.name}`)
  }
  return readElement(element)
}

function parse(bytes: Buffer): XmlDocument {
  try {
    return XmlDocument.fromBuffer(bytes, { option })
  } catch (error) {
    if (error instanceof XmlParseError) throw new WireError(`not well-formed XML: ${error.message.trim()}`)
    throw error
  }
}

// All at once: reading each element only when it is asked for took 1.7 times as long.
function readElement(element: XmlElement): XmlNode {
  const node: XmlNode = { name: element.name, text: '', currency: undefined, children: [] }
  for (let child = element.firstChild; child !== null; child = child.next) {
    if (child instanceof XmlElement) node.children.push(readElement(child))
  }
  if (node.children.length === 0) node.text = element.content.trim()
  if (isAmount(node.name)) node.currency = element.attr('CurCode')?.value
  return node
}

/** The first child of the name; undefined when there is none. Throws WireError when the element holds text instead of elements. */
export function child(node: XmlNode | undefined, name: string): XmlNode | undefined {
  if (node === undefined) return undefined
  for (const candidate of elementsOf(node)) if (candidate.name === name) return candidate
  return undefined
}

/** Every child of the name. Throws WireError when the element holds text instead of elements. */
export function childrenOf(node: XmlNode | undefined, name: string): XmlNode[] {
  const found: XmlNode[] = []
  if (node === undefined) return found
  for (const candidate of elementsOf(node)) if (candidate.name === name) found.push(candidate)
  return found
}

function elementsOf({ name, text, children }: XmlNode): XmlNode[] {
  if (text !== '') throw new WireError(`${name} holds the text "${text.slice(0, 40)}" instead of elements`)
  return children
}

/** The element at the end of the path. Throws WireError when one on the way is missing. */
export function required(node: XmlNode, ...path: string[]): XmlNode {
  let at = node
  for (const name of path) {
    const next = child(at, name)
    if (next === undefined) throw new WireError(`${at.name} has no ${name}`)
    at = next
  }
  return at
}

/** The text at the end of the path. Throws WireError when it is missing, or not of the form. */
export function requiredText(node: XmlNode, form: RegExp, ...path: string[]): string {
  const { name, text } = required(node, ...path)
  if (!form.test(text)) throw new WireError(`${name} cannot be "${text.slice(0, 40)}"`)
  return text
}
