import { ParseOption, XmlDocument, XmlElement, XmlParseError } from 'libxml2-wasm'

/** An answer that does not read as NDC says. */
export class WireError extends Error {
  override name = 'WireError'
}

/** An element. What is below it is read when it is first asked for, as long as its document is open. */
export interface XmlNode {
  readonly name: string
  /** Without the white space around it. */
  readonly text: string
  /** CurCode of an amount; undefined where it has none. */
  readonly currency: string | undefined
  readonly children: readonly XmlNode[]
}

/** Nothing outside the document is ever read. */
const option = ParseOption.XML_PARSE_NONET | ParseOption.XML_PARSE_NO_XXE

/**
 * Opens a document for as long as `read` takes; no node may leave it. Throws WireError where it is not well-formed, has a
 * DTD, or its root is not as named.
 */
export function readXml<T>(bytes: Buffer, root: string, namespace: string, read: (root: XmlNode) => T): T {
  using document = parse(bytes)
  if (document.dtd !== null) throw new WireError('a document type definition is not accepted')
  const element = document.root
  if (element.name !== root || element.namespaceUri !== namespace) {
    throw new WireError(`expected ${root}, not ${element.name}`)
  }
  return read(toNode(element))
}

function parse(bytes: Buffer): XmlDocument {
  try {
    return XmlDocument.fromBuffer(bytes, { option })
  } catch (error) {
    if (error instanceof XmlParseError) throw new WireError(`not well-formed XML: ${error.message.trim()}`)
    throw error
  }
}

// Each element is crossed over from libxml2 once at most, and the text below a leaf never is: that is most of the cost.
function toNode(element: XmlElement): XmlNode {
  let children: XmlNode[] | undefined
  return {
    name: element.name,
    get text() {
      return element.content.trim()
    },
    get currency() {
      return element.attr('CurCode')?.value
    },
    get children() {
      children ??= childElements(element)
      return children
    },
  }
}

function childElements(element: XmlElement): XmlNode[] {
  const children: XmlNode[] = []
  for (let child = element.firstChild; child !== null; child = child.next) {
    if (child instanceof XmlElement) children.push(toNode(child))
  }
  return children
}

/** The first child of the name; undefined when there is none. */
export function child(node: XmlNode | undefined, name: string): XmlNode | undefined {
  return node?.children.find((candidate) => candidate.name === name)
}

/** Every child of the name. */
export function childrenOf(node: XmlNode | undefined, name: string): XmlNode[] {
  return node?.children.filter((candidate) => candidate.name === name) ?? []
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
