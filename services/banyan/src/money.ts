import { banyan } from '@fanfare/kit'
import { NdcFault } from './ndc-fault.ts'
import type { XmlNode } from './xml-reader.ts'
import type { Tree } from './xml-writer.ts'

const { currency, exponent } = banyan

/** Minor units as NDC writes an amount: decimal, with its currency; may be negative. */
export function amount(minor: number): Tree {
  return { '@_CurCode': currency, '#text': decimal(minor) }
}

/** Minor units as a decimal number: 425000 is `4250.00`. */
export function decimal(minor: number): string {
  const digits = String(Math.abs(minor)).padStart(exponent + 1, '0')
  return `${minor < 0 ? '-' : ''}${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`
}

/** Reads an amount into minor units. Throws NdcFault 914 where it is none, or in another currency. */
export function readAmount(node: XmlNode): number {
  const { name, text } = node
  if (node.currency !== currency) throw new NdcFault('914', `${name} must have CurCode ${currency}`, name)
  const match = /^(\d{1,10})(?:\.(\d{1,2}))?$/.exec(text)
  if (!match) throw new NdcFault('914', `${name} is no amount`, name)
  const [, whole = '', fraction = ''] = match
  return Number(whole + fraction.padEnd(exponent, '0'))
}
