// The five airlines as people ask them by hand. Questions are written, and answers read and mapped, with the connectors' own functions,
// so that both sides do the same reading; nothing is remembered from one search to the next but sign-ins.
import { mapOffer as mapBanyan } from '../../gateway/src/airlines/banyan/map.ts'
import { airShoppingRequest } from '../../gateway/src/airlines/banyan/requests.ts'
import { readAirShopping } from '../../gateway/src/airlines/banyan/wire.ts'
import type { SliceQuery } from '../../gateway/src/airlines/connector.ts'
import { mapPage, travelParty } from '../../gateway/src/airlines/lotus/map.ts'
import { searchToTheEnd } from '../../gateway/src/airlines/lotus/search.ts'
import { createSigner } from '../../gateway/src/airlines/lotus/signer.ts'
import { beginSearchPage, readSearchAccepted } from '../../gateway/src/airlines/lotus/wire.ts'
import { mapOffers as mapMonsoon, mapPaxCount } from '../../gateway/src/airlines/monsoon/map.ts'
import { readFlightResults } from '../../gateway/src/airlines/monsoon/wire.ts'
import { fareSearch, mapFareSearch } from '../../gateway/src/airlines/nilgiri/map.ts'
import { readFareSearch, readLogon } from '../../gateway/src/airlines/nilgiri/wire.ts'
import { mapOffer as mapSaffron, travellers } from '../../gateway/src/airlines/saffron/map.ts'
import { readAvailability } from '../../gateway/src/airlines/saffron/wire.ts'
import type { Offer } from '../../gateway/src/schemas/offer.ts'

/** One request to one airline. */
export interface HandRequest {
  airline: string
  method: 'GET' | 'POST'
  path: string
  headers: Record<string, string>
  body?: string
}

/** Sends a request and gives the bytes of its answer; throws for any status but success. */
export type Send = (request: HandRequest) => Promise<Buffer>

/** Asks one airline for one slice. Throws where it does not answer. */
export type HandSearch = (slice: SliceQuery) => Promise<Offer[]>

/** How long an airline is waited for, in milliseconds: as long as the gateway does. */
export const waitMs = 2000

const json = { 'content-type': 'application/json' }

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

function saffron(send: Send): HandSearch {
  return async ({ origin, destination, departureDate, passengers }) => {
    const body = { origin, destination, departureDate, cabin: 'ECONOMY', travellers: travellers(passengers) }
    const headers = { ...json, 'x-api-key': 'fanfare' }
    return readAvailability(await post(send, 'saffron', '/v2/availability', headers, body)).map(mapSaffron)
  }
}

function monsoon(send: Send): HandSearch {
  let token: Promise<string> | null = null
  const signIn = async () => {
    const form = { grant_type: 'client_credentials', client_id: 'fanfare', client_secret: 'fanfare-secret' }
    const answer = await send({
      airline: 'monsoon',
      method: 'POST',
      path: '/oauth/token',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(form).toString(),
    })
    const { access_token }: { access_token: string } = JSON.parse(answer.toString())
    return access_token
  }
  return async ({ origin, destination, departureDate, passengers }) => {
    token ??= signIn()
    const body = { from: origin, to: destination, date: departureDate, pax: mapPaxCount(passengers) }
    const headers = { ...json, authorization: `Bearer ${await token}` }
    return mapMonsoon(readFlightResults(await post(send, 'monsoon', '/api/v1/flights/search', headers, body)))
  }
}

function banyan(send: Send): HandSearch {
  return async (slice) => {
    const headers = { 'x-api-key': 'fanfare', 'content-type': 'application/xml' }
    const body = airShoppingRequest(slice)
    const answer = readAirShopping(
      await send({ airline: 'banyan', method: 'POST', path: '/ndc/21.3/AirShopping', headers, body }),
    )
    return 'value' in answer ? answer.value.map(mapBanyan) : []
  }
}

function nilgiri(send: Send): HandSearch {
  const idle: string[] = []
  const signIn = async () => {
    const body = { agentSign: 'fanfare', dutyCode: 'AS', password: 'fanfare-secret' }
    const answer = readLogon(await post(send, 'nilgiri', '/host/logon', json, body))
    if ('refusal' in answer) throw new Error(answer.refusal.text)
    return answer.value.session
  }
  return async (slice) => {
    const session = idle.pop() ?? (await signIn())
    const headers = { ...json, 'nilgiri-session': session }
    const answer = readFareSearch(await post(send, 'nilgiri', '/host/fares', headers, fareSearch(slice, 'Y')))
    idle.push(session)
    return 'value' in answer ? mapFareSearch(answer.value) : []
  }
}

function lotus(send: Send): HandSearch {
  const signer = createSigner({ key: 'fanfare', secret: 'fanfare-secret', now: Date.now })
  const ask = (method: 'GET' | 'POST', path: string, body?: string) => {
    const headers = { ...signer.sign(method, path, body ?? ''), ...(body !== undefined && json) }
    return send({ airline: 'lotus', method, path, headers, ...(body !== undefined && { body }) })
  }
  return async ({ origin, destination, departureDate, passengers }) => {
    const party = travelParty(passengers)
    const body = { from: origin, to: destination, departOn: departureDate, cabin: 'economy', travelParty: party }
    const begun = readSearchAccepted(await ask('POST', '/v1/searches', JSON.stringify(body)))
    const look = async (searchId: string, number: number) =>
      beginSearchPage(await ask('GET', `/v1/searches/${searchId}?page=${number}`))
    const pages = await searchToTheEnd(begun, look, AbortSignal.timeout(waitMs))
    return pages.flatMap((page) => mapPage(page.read()))
  }
}

function post(
  send: Send,
  airline: string,
  path: string,
  headers: Record<string, string>,
  body: unknown,
): Promise<Buffer> {
  return send({ airline, method: 'POST', path, headers, body: JSON.stringify(body) })
}
