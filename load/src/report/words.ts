/** A time for people; null: a dash. */
export function milliseconds(ms: number | null): string {
  if (ms === null) return '–'
  if (ms >= 1_000) return `${(ms / 1000).toFixed(ms >= 10_000 ? 1 : 2)} s`
  return ms >= 100 ? `${ms.toFixed(0)} ms` : ms >= 10 ? `${ms.toFixed(1)} ms` : `${ms.toFixed(2)} ms`
}

/** A share from 0 to 1 for people; null: a dash. One that is not quite nothing or all never looks like it. */
export function percent(share: number | null): string {
  if (share === null) return '–'
  const value = share * 100
  if (share === 0 || share === 1) return `${value} %`
  if (value < 0.01) return '< 0.01 %'
  if (value > 99.99) return '> 99.99 %'
  return value < 1 || value > 99 ? `${value.toFixed(2)} %` : `${value.toFixed(1)} %`
}

/** A count for people. */
export function whole(count: number): string {
  return Math.round(count).toLocaleString('en')
}

/** Memory for people. */
export function mebibytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(0)} MiB`
}
