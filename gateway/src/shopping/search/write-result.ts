import type { Offer } from '../../schemas/offer.ts'
import type { SearchResult } from '../../schemas/search.ts'

/** Rows as they were written: merging gives the very same row again where nothing of it changed. */
const written = new WeakMap<Offer, string>()

/** What stands for a list of offers; a quotation mark within a string would have a backslash before it. */
const noOffers = '"offers":[]'

/** The JSON of a search's answer, to the letter as JSON.stringify gives it, with each row written once. */
export function writeResult(result: SearchResult): string {
  const lists = result.slices.map(({ offers }) => `"offers":[${offers.map(writeOffer).join(',')}]`)
  const frame = { ...result, slices: result.slices.map((slice) => ({ ...slice, offers: [] })) }
  const [start = '', ...rest] = JSON.stringify(frame).split(noOffers)
  return rest.reduce((text, piece, index) => text + lists[index] + piece, start)
}

function writeOffer(offer: Offer): string {
  let text = written.get(offer)
  if (text === undefined) {
    text = JSON.stringify(offer)
    written.set(offer, text)
  }
  return text
}
