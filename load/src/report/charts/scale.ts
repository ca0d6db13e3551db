/** From figures to pixels. */
export interface Scale {
  (value: number): number
  ticks: { value: number; label: string }[]
}

/** Where a scale begins and ends, in pixels. */
type Range = readonly [number, number]

/** An even scale from 0 to at least `most`, that ends on a tick. */
export function linear(most: number, [from, to]: Range, label: (value: number) => string, wanted = 4): Scale {
  const step = niceStep((most > 0 ? most : 1) / wanted)
  const count = Math.max(1, Math.ceil((most > 0 ? most : 1) / step - 1e-9))
  const end = step * count
  const scale = (value: number) => from + ((to - from) * value) / end
  const ticks = Array.from({ length: count + 1 }, (_, index) => ({ value: index * step, label: label(index * step) }))
  return Object.assign(scale, { ticks })
}

/** An even scale over a stretch of time, in milliseconds. */
export function time(fromMs: number, toMs: number, [from, to]: Range): Scale {
  const span = Math.max(1, toMs - fromMs)
  const seconds = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21_600]
  const step = (seconds.find((one) => span / 1000 / one <= 8) ?? 86_400) * 1000
  const scale = (value: number) => from + ((to - from) * (value - fromMs)) / span
  const first = Math.ceil(fromMs / step) * step
  const count = Math.max(0, Math.floor((toMs - first) / step) + 1)
  const ticks = Array.from({ length: count }, (_, index) => first + index * step).map((value) => ({
    value,
    label: clock(value),
  }))
  return Object.assign(scale, { ticks })
}

/** A logarithmic scale; values below its beginning stand at it. `least` and `most` are above 0. */
export function logarithmic(least: number, most: number, [from, to]: Range, label: (value: number) => string): Scale {
  const low = Math.log10(least)
  const high = Math.max(Math.log10(most), low + 0.5)
  const scale = (value: number) => from + ((to - from) * (Math.log10(Math.max(value, least)) - low)) / (high - low)
  const marks = high - low > 3.5 ? [1] : high - low > 1.5 ? [1, 3] : [1, 2, 5]
  const ticks: Scale['ticks'] = []
  for (let decade = Math.floor(low); decade <= high; decade++) {
    for (const mark of marks) {
      const value = mark * 10 ** decade
      if (value >= least * 0.999 && value <= 10 ** high * 1.001) ticks.push({ value, label: label(value) })
    }
  }
  return Object.assign(scale, { ticks })
}

/** A tick's time: `250 µs`, `30 ms`, `2 s`. */
export function shortTime(ms: number): string {
  if (ms >= 1000) return `${+(ms / 1000).toPrecision(3)} s`
  return ms >= 1 ? `${+ms.toPrecision(3)} ms` : `${+(ms * 1000).toPrecision(3)} µs`
}

function niceStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough))
  const digits = rough / power
  return (digits <= 1 ? 1 : digits <= 2 ? 2 : digits <= 2.5 ? 2.5 : digits <= 5 ? 5 : 10) * power
}

/** `45 s`, `2:30`, `1:00:00` */
function clock(ms: number): string {
  const seconds = Math.round(ms / 1000)
  if (seconds < 60) return `${seconds} s`
  const pad = (value: number) => `${value}`.padStart(2, '0')
  const minutes = Math.floor(seconds / 60)
  return minutes < 60
    ? `${minutes}:${pad(seconds % 60)}`
    : `${Math.floor(minutes / 60)}:${pad(minutes % 60)}:${pad(seconds % 60)}`
}
