import { XmlDocument, XmlElement, type XmlTreeNode } from 'libxml2-wasm'

/** Reads a document as long as it is used; nothing of it may be kept. Throws where it is not well-formed. */
export function read<T>(source: string, use: (root: XmlElement) => T): T {
  using document = XmlDocument.fromString(source)
  return use(document.root)
}

/** The child elements of a name, in their order. */
export function children(element: XmlElement, name: string): XmlElement[] {
  const found: XmlElement[] = []
  for (let node = element.firstChild; node; node = node.next) {
    if (node instanceof XmlElement && node.name === name) found.push(node)
  }
  return found
}

/** The first element at the end of a path; undefined where there is none. */
export function child(element: XmlElement, ...path: string[]): XmlElement | undefined {
  let at: XmlElement | undefined = element
  for (const name of path) at = at && firstChild(at, name)
  return at
}

/** The same. Throws where there is none. */
export function need(element: XmlElement, ...path: string[]): XmlElement {
  const found = child(element, ...path)
  if (!found) throw new Error(`${element.name} has no ${path.join('/')}`)
  return found
}

/** The text at the end of a path. Throws where there is none. */
export function text(element: XmlElement, ...path: string[]): string {
  return need(element, ...path).content
}

/** The text of each child of a name. */
export function texts(element: XmlElement, name: string): string[] {
  return children(element, name).map(({ content }) => content)
}

function firstChild(element: XmlElement, name: string): XmlElement | undefined {
  for (let node: XmlTreeNode | null = element.firstChild; node; node = node.next) {
    if (node instanceof XmlElement && node.name === name) return node
  }
  return undefined
}
