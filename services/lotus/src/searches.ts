import { hash } from 'node:crypto'
import type { Offer } from '@fanfare/kit'
import { renderSolutions } from './render/offers.ts'

/** A search that was asked for. */
interface Search {
  id: string
  /** Milliseconds since the epoch. */
  forgottenAt: number
  /** What was asked for, in words that mean the same in every run. */
  words: string
}

/** What a look at a search sees. */
interface Look {
  pageCount: number
  /** Whether every page is there. */
  complete: boolean
  /** The solutions of the page as a JSON array; null: the page is not there yet. */
  solutions: Buffer | null
}

/** Searches under way. */
export interface SearchBook {
  /** `words`: what was asked for, in words that mean the same in every run. */
  open(offers: readonly Offer[], words: string): Search
  /** What a search was opened with; null: no such search. */
  words(id: string): string | null
  /** Forgets every search. */
  clear(): void
  /** Looks at a page, counted from 1. Each look lets the search go on by one step. null: no such search; 'no-page': it has fewer pages. */
  look(id: string, page: number): Look | 'no-page' | null
}

/** What a search book is bounded by. */
export interface SearchBookOptions {
  /** Milliseconds since the epoch. */
  now: () => number
  /** Searches kept at most; the oldest go first. */
  most?: number
}

/** How long a search can be asked for. */
const lifeMs = 5 * 60_000

const mostSearches = 10_000

const solutionsPerPage = 5

/** Of ten pages so many come late, by up to so many steps. */
const lateOfTen = 3
const mostStepsLate = 3

interface Page {
  solutions: Buffer
  /** The look at which it is there. */
  due: number
}

/** Keeps searches in memory. Pages are rendered once for as long as the kit gives the same offers. */
export function createSearchBook({ now, most = mostSearches }: SearchBookOptions): SearchBook {
  const open = new Map<string, Search & { pages: Page[]; looks: number }>()
  const rendered = new WeakMap<readonly Offer[], Page[]>()
  let opened = 0

  function pagesOf(offers: readonly Offer[]): Page[] {
    let pages = rendered.get(offers)
    if (pages === undefined) {
      pages = renderPages(offers)
      rendered.set(offers, pages)
    }
    return pages
  }

  function forget(): void {
    for (const [id, { forgottenAt }] of open) {
      if (forgottenAt > now() && open.size < most) return
      open.delete(id)
    }
  }

  return {
    open(offers, words) {
      forget()
      // The time of opening keeps ids apart from those that an earlier process gave.
      const id = `s-${now().toString(36)}-${(++opened).toString(36)}`
      const search = { id, forgottenAt: now() + lifeMs, words, pages: pagesOf(offers), looks: 0 }
      open.set(id, search)
      return search
    },
    words: (id) => open.get(id)?.words ?? null,
    clear: () => open.clear(),
    look(id, number) {
      const search = open.get(id)
      if (search === undefined || search.forgottenAt <= now()) return null
      const page = search.pages[number - 1]
      if (page === undefined) return 'no-page'
      const looks = ++search.looks
      return {
        pageCount: search.pages.length,
        complete: search.pages.every(({ due }) => due <= looks),
        solutions: page.due <= looks ? page.solutions : null,
      }
    },
  }
}

function renderPages(offers: readonly Offer[]): Page[] {
  const solutions = renderSolutions(offers)
  const count = Math.max(1, Math.ceil(solutions.length / solutionsPerPage))
  return Array.from({ length: count }, (_, index) => {
    const onPage = solutions.slice(index * solutionsPerPage, (index + 1) * solutionsPerPage)
    const token = onPage[0]?.bundles[0]?.offerToken
    return {
      solutions: Buffer.from(JSON.stringify(onPage)),
      due: 1 + index + (token === undefined ? 0 : stepsLate(token)),
    }
  })
}

/** By how many steps a page is late. It follows from its first offer's token, and so from the seed, the question and the day. */
export function stepsLate(token: string): number {
  const [which = 0, steps = 0] = hash('sha256', token, 'buffer')
  return which % 10 < lateOfTen ? 1 + (steps % mostStepsLate) : 0
}
