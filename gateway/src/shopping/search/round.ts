import { setMaxListeners } from 'node:events'
import type { SliceQuery } from '../../airlines/connector.ts'
import { ClientLeft, type Wait } from '../../upstream/wait.ts'
import { type Answer, toEntry } from '../answer/answer.ts'
import type { Entry } from '../cache/entry.ts'
import type { ShoppingSettings } from '../settings.ts'
import type { AirlineOffers } from './airline-offers.ts'
import { formatCursor } from './cursor.ts'
import { mergeOffers } from './merge.ts'
import type { Search } from './query.ts'
import { missingReply, type Reply, sourceOf, toReply } from './reply.ts'
import { type AirlineEvent, offersEvent, sourceEvent } from './search-event.ts'
import { type MergedResult, writeOffers, writeResult } from './write-result.ts'

/** One search under way: the airlines are asked once, however many wait, each until its own deadline. */
export interface Round {
  /**
   * The answer: what is in when everybody answered, or at the deadline. `watch` is told of every airline as it answers,
   * first of those that have; it is told nothing of an answer that was found. Throws ClientLeft when the client leaves.
   */
  join(wait: Wait, watch?: (event: AirlineEvent) => void): Promise<Answer>
}

/** What a round stands on. */
export interface RoundOptions {
  search: Search
  settings: ShoppingSettings
  /** Real time, and the world's, by which offers expire; milliseconds since the epoch. */
  now: () => number
  worldNow: () => number
  /** Looks for a ready answer where memory has none; null: the airlines are to be asked. */
  find: () => Promise<Answer | null>
  /** Asks one airline, which waits as long as the signal; undefined: there is none of this name. */
  ask: (airline: string, query: SliceQuery, waiting: AbortSignal) => Promise<AirlineOffers> | undefined
  /** Shared with nobody. */
  alone: boolean
  /** Keeps an answer for others. */
  keep: (entry: Entry) => void
  /** Called once, when everybody was answered or nobody waits any more. */
  ended: () => void
}

interface Member {
  resolve: (answer: Answer) => void
  reject: (error: unknown) => void
  watch: ((event: AirlineEvent) => void) | undefined
  from: Answer['from']
  /** Takes away what tells of its deadline and its leaving. */
  release: () => void
}

/** Begins to search. */
export function startRound(options: RoundOptions): Round {
  const { search, settings, now, worldNow, find, keep, ended } = options
  const { airlines, key } = search
  const slices =
    search.cursor === null ? search.slices : search.slices.slice(search.cursor.slice, search.cursor.slice + 1)
  const startedAt = now()
  const replies: Reply[] = []
  const events: AirlineEvent[] = []
  const members = new Set<Member>()
  const waiting = new AbortController()
  setMaxListeners(0, waiting.signal)
  /** The latest answer that was made, and of how many replies. */
  let made: { entry: Entry; replies: number } | null = null
  let isOver = false
  let isFirst = true
  let isWatched = false
  let isWantedLate = false

  async function run() {
    const found = await find()
    if (isOver) return
    if (found) {
      finish(found.entry, found)
      return
    }
    await Promise.all(slices.flatMap((slice, index) => airlines.map((airline) => ask(airline, slice, index))))
    if (isOver) return
    const entry = answerNow()
    keep(entry)
    finish(entry, null)
  }

  async function ask(airline: string, query: SliceQuery, slice: number) {
    const outcome = await options.ask(airline, query, waiting.signal)
    if (outcome === undefined || isOver) return
    const reply = toReply(airline, slice, outcome, startedAt, now())
    replies.push(reply)
    if (isWatched) tell(reply)
  }

  function tell(reply: Reply) {
    const told = events.length
    const { airline, slice, outcome } = reply
    if (outcome.offers) {
      const offers = mergeOffers(outcome.offers, { ...search.query, ...pageOf(search), now: worldNow() })
      events.push(offersEvent(airline, slice, writeOffers(offers)))
    }
    const parts = replies.slice(0, replies.indexOf(reply) + 1).filter((one) => one.airline === airline)
    if (parts.length === slices.length) events.push(sourceEvent(sourceOf(airline, parts)))
    for (const { watch } of members) for (const event of events.slice(told)) watch?.(event)
  }

  /** The answer of what is in; the same for all who take it before more is in. */
  function answerNow(): Entry {
    if (made?.replies !== replies.length) made = { entry: make(), replies: replies.length }
    return made.entry
  }

  function make(): Entry {
    const at = now()
    let freshUntil = at + settings.freshMs
    const parts = slices.flatMap((_, slice) =>
      airlines.map(
        (airline) =>
          replies.find((reply) => reply.airline === airline && reply.slice === slice) ??
          missingReply(airline, slice, startedAt, at),
      ),
    )
    for (const { outcome } of parts) {
      freshUntil = Math.min(freshUntil, outcome.status === 'ok' ? outcome.freshUntil : at + settings.failureMs)
    }
    const sliceResults = slices.map(({ origin, destination, departureDate }, slice): MergedResult['slices'][number] => {
      const offers = parts.flatMap((part) => (part.slice === slice ? (part.outcome.offers ?? []) : []))
      const merged = mergeOffers(offers, { ...search.query, ...pageOf(search), now: worldNow() })
      freshUntil = Math.min(freshUntil, at + merged.expiresAt - worldNow())
      const position = merged.next && { ...merged.next, slice: search.cursor?.slice ?? slice }
      const nextCursor = position && formatCursor(position, search.digest)
      return { origin, destination, departureDate, offers: merged, nextCursor }
    })
    const sources = airlines.map((airline) => {
      return sourceOf(
        airline,
        parts.filter((part) => part.airline === airline),
      )
    })
    const complete = sources.every(({ status }) => status === 'ok' || status === 'stale')
    const body = writeResult({ query: search.query, complete, slices: sliceResults, sources })
    return toEntry(body, { storedAt: at, freshUntil, keepUntil: freshUntil })
  }

  /** Answers everybody; `found` null: made here. */
  function finish(entry: Entry, found: Answer | null) {
    close()
    for (const { resolve, release, from } of members) {
      release()
      resolve(found ?? { key, entry, from, ageMs: 0 })
    }
  }

  function fail(error: unknown) {
    if (isOver) return
    close()
    for (const { reject, release } of members) {
      release()
      reject(error)
    }
  }

  function close() {
    isOver = true
    ended()
  }

  /** One stops waiting; the last one ends the round. */
  function leave(member: Member) {
    member.release()
    members.delete(member)
    if (members.size > 0 || isOver) return
    close()
    waiting.abort(isWantedLate ? undefined : new ClientLeft())
  }

  run().catch(fail)

  return {
    join(wait, watch) {
      const { promise, resolve, reject } = Promise.withResolvers<Answer>()
      const deadlineMs = wait.deadlineMs ?? settings.searchDeadlineMs
      const timer = setTimeout(atDeadline, Math.max(0, deadlineMs - wait.passedMs))
      const release = () => {
        clearTimeout(timer)
        wait.left?.removeEventListener('abort', atLeaving)
      }
      const member: Member = {
        resolve,
        reject,
        watch,
        from: options.alone ? 'alone' : isFirst ? 'miss' : 'collapsed',
        release,
      }
      isFirst = false

      function atDeadline() {
        isWantedLate = true
        try {
          const entry = answerNow()
          // Who waits for less than is usual gets less, but must not have others get less.
          if (deadlineMs >= settings.searchDeadlineMs) keep(entry)
          resolve({ key, entry, from: member.from, ageMs: 0 })
        } catch (error) {
          reject(error)
        }
        leave(member)
      }

      function atLeaving() {
        reject(new ClientLeft())
        leave(member)
      }

      members.add(member)
      if (wait.left?.aborted) atLeaving()
      else wait.left?.addEventListener('abort', atLeaving, { once: true })
      if (watch) {
        if (isWatched) for (const event of events) watch(event)
        else {
          isWatched = true
          for (const reply of replies) tell(reply)
        }
      }
      return promise
    },
  }
}

/** What of a search says how offers become a list, besides its query. */
function pageOf({ maxPrice, cursor }: Search) {
  return { maxPrice, after: cursor }
}
