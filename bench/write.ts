import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { PartResult } from './results.ts'
import { lineChart } from './svg.ts'
import { tableText } from './table.ts'

const page = fileURLToPath(new URL('../docs/performance.md', import.meta.url))
const pictures = join(dirname(page), 'performance')

/** What is written of a part. */
export interface Written {
  title: string
  /** What it was measured on. */
  machine: string
  /** How it was measured. */
  how: string
  result: PartResult
}

/**
 * Puts a part's results into docs/performance.md between its markers, `<!-- bench:NAME -->` and `<!-- /bench:NAME -->`, and its charts
 * into docs/performance/. Throws when the page has no such markers.
 */
export async function writeResults(name: string, { title, machine, how, result }: Written): Promise<void> {
  const text = await readFile(page, 'utf8')
  const [begin, end] = [`<!-- bench:${name} -->`, `<!-- /bench:${name} -->`]
  const from = text.indexOf(begin)
  const to = text.indexOf(end)
  if (from < 0 || to < from) throw new Error(`docs/performance.md has no place for ${name}: ${begin} … ${end}`)
  const { tables, charts, notes } = result
  const figures = [`${machine}\n${how}`, ...tables.map(tableText)].join('\n\n')
  const images = charts.map(({ file, title: what }) => `![${what}](performance/${file}.svg)\n`)
  const block = [
    begin,
    `### ${title}\n`,
    `\`\`\`\n${figures}\n\`\`\`\n`,
    ...notes.map((note) => `${note}\n`),
    ...images,
    end,
  ]
  await writeFile(page, text.slice(0, from) + block.join('\n') + text.slice(to + end.length))
  if (charts.length > 0) await mkdir(pictures, { recursive: true })
  for (const chart of charts) await writeFile(join(pictures, `${chart.file}.svg`), lineChart(chart))
}
