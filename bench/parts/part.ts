import type { Bench } from '../context.ts'
import type { PartResult } from '../results.ts'

/** A part of the benchmark. */
export interface Part {
  /** For its heading. */
  title: string
  /** A line for `--help`. */
  what: string
  /** Measures; throws when an answer is wrong. Whatever it started is ended by its caller. */
  measure(bench: Bench): Promise<PartResult>
}
