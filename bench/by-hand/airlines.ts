// The five airlines as people ask them by hand: their answers are parsed with the usual libraries and mapped plainly, and nothing is
// remembered from one search to the next but sign-ins.
import { banyan } from './banyan.ts'
import { lotus } from './lotus.ts'
import { monsoon } from './monsoon.ts'
import { nilgiri } from './nilgiri.ts'
import { saffron } from './saffron.ts'
import type { HandSearch, Send } from './search.ts'

/** The searches of every airline, by name, over a way to send. */
export function searchesOver(send: Send): Record<string, HandSearch> {
  return {
    saffron: saffron(send),
    monsoon: monsoon(send),
    banyan: banyan(send),
    nilgiri: nilgiri(send),
    lotus: lotus(send),
  }
}
