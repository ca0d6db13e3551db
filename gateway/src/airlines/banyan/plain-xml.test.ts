import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readPlainXml } from './plain-xml.ts'
import { messageNamespace } from './wire.ts'
import { readByLibrary, WireError, type XmlNode } from './xml.ts'

const folder = join(import.meta.dirname, 'fixtures')
const documents = readdirSync(folder).map((file) => readFileSync(join(folder, file)))
const rootOf = (bytes: Buffer) => /<(IATA_\w+)/.exec(bytes.toString())?.[1] ?? ''

/** What the library makes of a document; null where it is refused. */
function byLibrary(bytes: Buffer, root: string): XmlNode | null {
  try {
    return readByLibrary(bytes, root, messageNamespace)
  } catch (error) {
    if (error instanceof WireError) return null
    throw error
  }
}

/** Whether the plain reader leaves it to the library, or reads the same. */
function expectAgreement(bytes: Buffer, root: string) {
  const plain = readPlainXml(bytes, root, messageNamespace)
  if (plain !== null) expect(plain).toEqual(byLibrary(bytes, root))
}

const open = `<M xmlns="${messageNamespace}">`
const deep = (levels: number) => `${open}${'<a>'.repeat(levels)}${'</a>'.repeat(levels)}</M>`

describe('a plain document', () => {
  it.each(documents.map((bytes, index) => ({ name: readdirSync(folder)[index], bytes })))(
    'is read, and as the library reads it: $name',
    ({ bytes }) => {
      const plain = readPlainXml(bytes, rootOf(bytes), messageNamespace)
      expect(plain).not.toBeNull()
      expect(plain).toEqual(byLibrary(bytes, rootOf(bytes)))
    },
  )

  it.each([
    ['white space', `<?xml version="1.0" encoding="UTF-8"?>\n${open}\n\t<a> x y </a>\n</M>\n`],
    ['any letters in text', `${open}<a>ąé\u{1f6eb}\u00a0</a></M>`],
    ['text beside elements', `${open}x<a>y</a>z</M>`],
    ['a currency', `${open}<PriceAmount CurCode="USD">1.00</PriceAmount></M>`],
    ['an attribute that says nothing here', `${open}<Price CurCode="USD">1.00</Price></M>`],
    ['nothing in it', `${open}</M>`],
    ['a greater-than sign', `${open}<a>1 > 0</a></M>`],
    ['much depth', deep(99)],
  ])('is read with %s', (_, xml) => {
    const plain = readPlainXml(Buffer.from(xml), 'M', messageNamespace)
    expect(plain).not.toBeNull()
    expect(plain).toEqual(byLibrary(Buffer.from(xml), 'M'))
  })
})

describe('what is not plain is left to the library', () => {
  it.each([
    ['an entity', `${open}<a>B&amp;B</a></M>`],
    ['an unknown entity', `${open}<a>&x;</a></M>`],
    ['CDATA', `${open}<a><![CDATA[<b>]]></a></M>`],
    ['the end of CDATA', `${open}<a>]]></a></M>`],
    ['a comment', `${open}<!-- <a> --></M>`],
    ['an instruction', `${open}<?a b?></M>`],
    ['a DTD', `<!DOCTYPE M>${open}</M>`],
    ['a line end that becomes another', `${open}<a>x\ry\r\nz</a></M>`],
    ['a character that no document may hold', `${open}<a>\u0001</a></M>`],
    ['the last character of all', `${open}<a>\uffff</a></M>`],
    ['a prefix', `<p:M xmlns:p="${messageNamespace}"></p:M>`],
    ['another attribute', `${open}<a b="c"></a></M>`],
    ['an attribute twice', `${open}<a CurCode="USD" CurCode="USD"></a></M>`],
    ['a namespace that is reserved', `${open}<a xmlns="http://www.w3.org/2000/xmlns/"></a></M>`],
    ['another root', `<N xmlns="${messageNamespace}"></N>`],
    ['a root in no namespace', '<M></M>'],
    ['two roots', `${open}</M>${open}</M>`],
    ['text after the root', `${open}</M>x`],
    ['a space that is none after the root', `${open}</M>\u00a0`],
    ['text before the root', `x${open}</M>`],
    ['tags that do not match', `${open}<a></b></M>`],
    ['a longer end tag', `${open}<a></ab></M>`],
    ['a name that begins with a digit', `${open}<1a></1a></M>`],
    ['no name', `${open}<></></M>`],
    ['too much depth', deep(300)],
    ['a long name', `${open}<${'a'.repeat(60_000)}></${'a'.repeat(60_000)}></M>`],
    ['nothing', ''],
  ])('%s', (_, xml) => {
    expect(readPlainXml(Buffer.from(xml), 'M', messageNamespace)).toBeNull()
  })

  it('bytes that are no UTF-8', () => {
    const bytes = Buffer.concat([Buffer.from(`${open}<a>`), Buffer.from([0xe9]), Buffer.from('</a></M>')])
    expect(readPlainXml(bytes, 'M', messageNamespace)).toBeNull()
    expect(byLibrary(bytes, 'M')).toBeNull()
  })
})

describe('the plain reader never reads what the library refuses, or reads otherwise', () => {
  const document = fc.constantFrom(...documents.filter(({ length }) => length < 12_000))
  const piece = fc.oneof(
    fc.constantFrom(
      ...['<', '>', '/', '&', '"', "'", '=', ' ', '\n', '\r', '\0', '<a>', '</a>', '<a/>', '<!--', '-->', ']]>'],
      ...['<![CDATA[x]]>', '<?x?>', '&lt;', '&#0;', '&#65;', ' CurCode="EUR"', ' xmlns=""', ' a="b"', '<!DOCTYPE a>'],
      ...['\ufeff', '\uffff', '\u00a0', 'é', '<p:a>', '</Response>', '<Response>', 'Amount', '1'],
    ),
    fc.string({ unit: 'binary', maxLength: 3 }),
  )
  const edit = fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), drop: fc.nat(12), piece })

  it('with pieces put in and taken out', () => {
    fc.assert(
      fc.property(document, fc.array(edit, { minLength: 1, maxLength: 3 }), (bytes, edits) => {
        let xml = bytes.toString()
        for (const { at, drop, piece } of edits) {
          const from = Math.floor(at * xml.length)
          xml = xml.slice(0, from) + piece + xml.slice(from + drop)
        }
        expectAgreement(Buffer.from(xml), rootOf(bytes))
      }),
      { numRuns: 500 },
    )
  })

  it('with bytes changed', () => {
    fc.assert(
      fc.property(document, fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(255), (bytes, at, byte) => {
        const changed = Buffer.from(bytes)
        changed[Math.floor(at * (bytes.length - 1))] = byte
        expectAgreement(changed, rootOf(bytes))
      }),
      { numRuns: 500 },
    )
  })

  it('of small documents made of the same pieces', () => {
    const pieces = fc.array(fc.oneof(piece, fc.constantFrom('<b>', '</b>', '<PAmount CurCode="EUR">', '</PAmount>')), {
      maxLength: 8,
    })
    fc.assert(
      fc.property(pieces, (inner) => expectAgreement(Buffer.from(`${open}${inner.join('')}</M>`), 'M')),
      { numRuns: 2_000 },
    )
  })
})
