import type { Chart } from './results.ts'

const width = 720
const height = 380
const box = { left: 70, right: width - 20, top: 50, bottom: height - 60 }
const colours = ['#1f6feb', '#d9480f', '#2b8a3e', '#862e9c', '#c92a2a', '#0b7285', '#5c940d', '#495057']

/** Where a value lies between two ends of the picture, and the values to mark. */
interface Axis {
  at(value: number): number
  ticks: { at: number; label: string }[]
}

/** A line chart as a picture that stands alone. Throws where there is no point to draw. */
export function lineChart({ title, x, y, series }: Chart): string {
  const points = series.flatMap((one) => one.points)
  if (points.length === 0) throw new Error(`the chart "${title}" has no points`)
  const across = axis(
    points.map((point) => point.x),
    x.log,
    [box.left, box.right],
    x.ticks,
  )
  const up = axis(
    points.map((point) => point.y),
    y.log,
    [box.bottom, box.top],
  )
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="12">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    text(box.left, 22, title, 'font-size="15" font-weight="600" fill="#212529"'),
    ...up.ticks.flatMap(({ at, label }) => [
      `<line x1="${box.left}" x2="${box.right}" y1="${px(at)}" y2="${px(at)}" stroke="#e9ecef"/>`,
      text(box.left - 8, at + 4, label, 'text-anchor="end" fill="#495057"'),
    ]),
    ...across.ticks.flatMap(({ at, label }) => [
      `<line x1="${px(at)}" x2="${px(at)}" y1="${box.bottom}" y2="${box.bottom + 5}" stroke="#adb5bd"/>`,
      text(at, box.bottom + 20, label, 'text-anchor="middle" fill="#495057"'),
    ]),
    `<line x1="${box.left}" x2="${box.right}" y1="${box.bottom}" y2="${box.bottom}" stroke="#adb5bd"/>`,
    text((box.left + box.right) / 2, height - 22, x.label, 'text-anchor="middle" fill="#495057"'),
    text(box.left - 60, box.top - 12, y.label, 'fill="#495057"'),
    ...series.flatMap((one, index) => drawn(one.points, colours[index % colours.length] ?? 'black', across, up)),
    ...legend(series.map(({ name }) => name)),
    '</svg>',
  ]
  return `${parts.join('\n')}\n`
}

function drawn(points: { x: number; y: number }[], colour: string, across: Axis, up: Axis): string[] {
  const places = points.map(({ x, y }) => `${px(across.at(x))},${px(up.at(y))}`)
  const dots = points.length > 40 ? [] : places.map((place) => dot(place, colour))
  return [`<polyline points="${places.join(' ')}" fill="none" stroke="${colour}" stroke-width="2"/>`, ...dots]
}

function dot(place: string, colour: string): string {
  const [x = '', y = ''] = place.split(',')
  return `<circle cx="${x}" cy="${y}" r="3" fill="${colour}"/>`
}

/** In a row under the title, from the right. */
function legend(names: string[]): string[] {
  const widths = names.map((name) => 34 + name.length * 6.6)
  let left = box.right - widths.reduce((sum, one) => sum + one, 0)
  return names.flatMap((name, index) => {
    const from = left
    left += widths[index] ?? 0
    const colour = colours[index % colours.length] ?? 'black'
    return [
      `<line x1="${px(from)}" x2="${px(from + 18)}" y1="38" y2="38" stroke="${colour}" stroke-width="3"/>`,
      text(from + 24, 42, name, 'fill="#212529"'),
    ]
  })
}

function axis(
  values: number[],
  isLog: boolean,
  [from, to]: [number, number],
  named?: { at: number; label: string }[],
): Axis {
  const scale = isLog ? Math.log10 : (value: number) => value
  const marks = named?.map(({ at }) => at) ?? (isLog ? logMarks(values) : linearMarks(values))
  const least = scale(Math.min(...marks, ...values))
  const most = scale(Math.max(...marks, ...values))
  const at = (value: number) => from + ((scale(value) - least) / (most - least || 1)) * (to - from)
  const label = (mark: number) => named?.find((one) => one.at === mark)?.label ?? mark.toLocaleString('en')
  return { at, ticks: marks.map((mark) => ({ at: at(mark), label: label(mark) })) }
}

/** From 0, in steps of 1, 2 or 5 times a power of ten, about six of them. */
function linearMarks(values: number[]): number[] {
  const most = Math.max(...values, 0) || 1
  const power = 10 ** Math.floor(Math.log10(most / 5))
  const step = [1, 2, 5, 10].map((one) => one * power).find((one) => most / one <= 6) ?? 10 * power
  return Array.from({ length: Math.ceil(most / step) + 1 }, (_, index) => Number((index * step).toPrecision(6)))
}

/** 1, 2 and 5 times powers of ten, around the values. */
function logMarks(values: number[]): number[] {
  const least = Math.min(...values)
  const most = Math.max(...values)
  if (!(least > 0)) throw new Error('a log axis takes numbers above 0 only')
  const marks: number[] = []
  for (let power = Math.floor(Math.log10(least)); power <= Math.ceil(Math.log10(most)); power++) {
    marks.push(...[1, 2, 5].map((one) => Number((one * 10 ** power).toPrecision(6))))
  }
  const below = marks.filter((mark) => mark <= least).at(-1) ?? least
  const above = marks.find((mark) => mark >= most) ?? most
  return marks.filter((mark) => mark >= below && mark <= above)
}

function text(x: number, y: number, words: string, attributes: string): string {
  return `<text x="${px(x)}" y="${px(y)}" ${attributes}>${escaped(words)}</text>`
}

function px(value: number): string {
  return String(Math.round(value * 10) / 10)
}

function escaped(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
