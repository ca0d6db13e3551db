import { isUtf8 } from 'node:buffer'
import type { XmlNode } from './xml.ts'

/**
 * Reads a document of the plain sort that airlines send: UTF-8, elements, text without entities, and the two attributes that
 * occur. Never throws; null for every other document, well-formed or not, which is then to be read by the library: what is
 * read here is well-formed, and reads there as the same.
 */
export function readPlainXml(bytes: Buffer, root: string, namespace: string): XmlNode | null {
  if (!isUtf8(bytes)) return null
  const text = bytes.toString()
  if (notPlain.test(text) || text.includes(']]>')) return null
  let at = declaration.exec(text)?.[0].length ?? 0
  const start = `<${root} xmlns="${namespace}">`
  if (!text.startsWith(start, at)) return null
  at += start.length - 1

  const document = elementOf(root)
  const open: XmlNode[] = []
  let element = document
  // `at` is at the end of a tag.
  for (;;) {
    const from = text.indexOf('<', at)
    if (from < 0) return null
    if (text.charCodeAt(from + 1) === slash) {
      const { name } = element
      if (element.children === noChildren) element.text = text.slice(at + 1, from).trim()
      at = from + 2 + name.length
      if (!text.startsWith(name, from + 2) || text.charCodeAt(at) !== greaterThan) return null
      const parent = open.pop()
      if (parent === undefined) return blank.test(text.slice(at + 1)) ? document : null
      element = parent
      continue
    }
    at = endOfName(text, from + 1)
    const length = at - from - 1
    if (length === 0 || length > longestName || open.length === mostDepth) return null
    const child = elementOf(text.slice(from + 1, at))
    if (text.charCodeAt(at) !== greaterThan) {
      attribute.lastIndex = at
      const match = attribute.exec(text)
      if (match === null) return null
      at = attribute.lastIndex
      if (isAmount(child.name)) child.currency = match[1]
    }
    if (text.charCodeAt(at) !== greaterThan) return null
    if (element.children === noChildren) element.children = [child]
    else element.children.push(child)
    open.push(element)
    element = child
  }
}

/** Whether an element of the name says its currency. */
export function isAmount(name: string): boolean {
  return name.endsWith('Amount')
}

const declaration = /^<\?xml version="1\.0" encoding="(?:UTF|utf)-8"\?>\n?/
/** Anything but the characters that stand for themselves: entities, line ends that become others, what no document may hold. */
const notPlain = /[^\t\n -%'-\ufffd]/
const attribute = / (?:xmlns="http:\/\/www\.iata\.org\/[\w/.]*"|CurCode="(\w*)")/y
const blank = /^[\t\n ]*$/
const [slash, greaterThan, underscore] = [0x2f, 0x3e, 0x5f]

/** What is deeper or longer is left to the library, which has bounds of its own. */
const [mostDepth, longestName] = [100, 100]

/** Most elements have none; they share this. */
const noChildren: XmlNode[] = []

function elementOf(name: string): XmlNode {
  return { name, text: '', currency: undefined, children: noChildren }
}

/** Where a name of ASCII letters, underscores and, not at its start, digits ends. */
function endOfName(text: string, start: number): number {
  let at = start
  for (let code = text.charCodeAt(at); isLetter(code) || (isDigit(code) && at > start); code = text.charCodeAt(at)) at++
  return at
}

function isLetter(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || code === underscore
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39
}
