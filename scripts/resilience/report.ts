import { availableParallelism, cpus } from 'node:os'
import type { Outcome } from './measure.ts'

/** One row: the same trouble with the policies and without. */
export interface Row {
  trouble: string
  on: Outcome
  off: Outcome
}

/** The head of the table, in Markdown. */
export const tableHead = `| Trouble | Complete | Partial | Failed | p50 ms | p99 ms | Wrong | Complete, policies off | Failed | p50 ms | p99 ms | Wrong |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |`

/** A row of the table. */
export function tableRow({ trouble, on, off }: Row): string {
  const cells = [
    trouble,
    share(on.complete, on),
    share(on.partial, on),
    on.failed,
    on.p50Ms.toFixed(0),
    on.p99Ms.toFixed(0),
    on.wrong,
    share(off.complete, off),
    off.failed,
    off.p50Ms.toFixed(0),
    off.p99Ms.toFixed(0),
    off.wrong,
  ]
  return `| ${cells.join(' | ')} |`
}

/** What it was measured on. */
export function machineLine(): string {
  return `Node ${process.versions.node}, ${availableParallelism()} × ${cpus()[0]?.model ?? 'unknown processor'}`
}

function share(count: number, { searches }: Outcome): string {
  return `${((100 * count) / Math.max(1, searches)).toFixed(1)} %`
}
