/** Markup that is safe to put into a page as it is. */
export interface Markup {
  html: string
}

/** What may stand in markup: text is escaped, nothing leaves nothing. */
export type Content = Markup | string | number | null | readonly Content[]

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

/** An element. An attribute of null is left out; names are ours, values are escaped. */
export function el(name: string, attributes: Record<string, string | number | null>, ...content: Content[]): Markup {
  const shown = Object.entries(attributes).flatMap(([key, value]) =>
    value === null ? [] : [` ${key}="${escaped(`${value}`)}"`],
  )
  return { html: `<${name}${shown.join('')}>${htmlOf(content)}</${name}>` }
}

/** The text of markup. */
export function htmlOf(content: Content): string {
  if (content === null) return ''
  if (typeof content === 'string' || typeof content === 'number') return escaped(`${content}`)
  return 'html' in content ? content.html : content.map(htmlOf).join('')
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (one) => escapes[one] ?? one)
}
