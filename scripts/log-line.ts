const levels: Record<number, string> = { 40: 'WARN', 50: 'ERROR', 60: 'FATAL' }
const ofEveryLine = new Set(['level', 'time', 'pid', 'hostname', 'name', 'msg'])

/** A line of pino's JSON as a person reads it; any other line as it is. */
export function readableLine(line: string): string {
  const entry = parse(line)
  if (entry === null) return line
  const rest = Object.entries(entry)
    .filter(([key]) => !ofEveryLine.has(key))
    .map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
  return [levels[Number(entry.level)], entry.msg, ...rest].filter(Boolean).join(' ')
}

function parse(line: string): Record<string, unknown> | null {
  if (!line.startsWith('{')) return null
  try {
    const value: unknown = JSON.parse(line)
    if (typeof value !== 'object' || value === null) return null
    return 'level' in value && 'msg' in value ? Object.fromEntries(Object.entries(value)) : null
  } catch {
    return null
  }
}
