import { type AirlineApp, type AirlineSystem, notice, type ShopRequest, searchKey } from '@fanfare/kit'
import { LotusError } from '../errors.ts'
import { instant } from '../render/moment.ts'
import { kitCabins } from '../render/words.ts'
import { ref } from '../schemas/ref.ts'
import { PageQuery, SearchAccepted, SearchPage, SearchRequest, searchParams } from '../schemas/searches.ts'
import type { SearchBook } from '../searches.ts'
import { answers } from './answers.ts'

/** How often a search may be asked for. */
const pollAfterMs = 25

/** A look at a search takes so much of the time that beginning it takes. */
const pollLatencyShare = 0.2

/** POST /searches and GET /searches/{searchId}: the hot routes. */
export function registerSearches(
  app: AirlineApp,
  system: AirlineSystem,
  searches: SearchBook,
  examples: { searchId: string },
): void {
  app.post(
    '/searches',
    {
      schema: {
        operationId: 'startSearch',
        tags: ['Shopping'],
        summary: 'Begin to look for journeys for one way on one day',
        description:
          'Answers at once with where to ask for what is found (`Location`), and when. A pair or day without flights is a search that finds nothing; an airport that Lotus Air does not know is refused with airport-unknown.',
        body: ref(SearchRequest),
        response: answers({ 202: ref(SearchAccepted) }, 400, 401, 413, 415),
      },
    },
    (request, reply) => {
      const { from, to, departOn, cabin, travelParty } = request.body
      checkParty(travelParty)
      const question: ShopRequest = {
        origin: from,
        destination: to,
        date: departOn,
        passengers: travelParty,
        cabin: cabin === undefined ? null : kitCabins[cabin],
      }
      const { id, forgottenAt } = searches.open(system.shop(question), searchKey(question))
      return reply
        .status(202)
        .header('location', `/v1/searches/${id}`)
        .send({
          searchId: id,
          state: 'running',
          pollAfterMs,
          forgottenAt: instant(forgottenAt),
        } satisfies SearchAccepted)
    },
  )

  app.get(
    '/searches/:searchId',
    {
      schema: {
        operationId: 'readSearch',
        tags: ['Shopping'],
        summary: 'See what a search has found so far',
        description:
          'One page at a time. Pages come in any order and some late: ask again for a page that is not `ready` after `pollAfterMs`. A search is forgotten after five minutes.',
        params: searchParams(examples.searchId),
        querystring: PageQuery,
        response: answers({ 200: ref(SearchPage) }, 400, 401, 404, 414),
      },
    },
    (request, reply) => {
      const { page } = request.query
      notice('search', `${searches.words(request.params.searchId)}/page-${page}`, pollLatencyShare)
      const seen = searches.look(request.params.searchId, page)
      if (seen === null) throw new LotusError(404, 'search-not-found', 'No such search is under way; begin another')
      if (seen === 'no-page') throw new LotusError(404, 'page-not-found', `The search has no page ${page}`)
      const { complete, pageCount, solutions } = seen
      const head: Omit<SearchPage, 'solutions'> = {
        state: complete ? 'complete' : 'running',
        pageCount,
        page,
        ready: solutions !== null,
        pollAfterMs: complete ? null : pollAfterMs,
        currency: 'THB',
      }
      return reply.type('application/json; charset=utf-8').send(withSolutions(head, solutions ?? none))
    },
  )
}

const none = Buffer.from('[]')

/** Solutions are rendered once for many answers, so they are joined as bytes. */
function withSolutions(head: Omit<SearchPage, 'solutions'>, solutions: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${JSON.stringify(head).slice(0, -1)},"solutions":`), solutions, Buffer.from('}')])
}

function checkParty({ adults, children, infants }: SearchRequest['travelParty']): void {
  if (adults + children + infants > 9) {
    throw new LotusError(400, 'party-not-accepted', 'At most nine guests travel together', { at: '/travelParty' })
  }
  if (infants > adults) {
    throw new LotusError(400, 'party-not-accepted', 'Each infant needs an adult of its own', {
      at: '/travelParty/infants',
    })
  }
}
