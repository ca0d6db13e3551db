// Is the program of this container well? `node deploy/docker/healthy.ts /health/ready`: exit code 0 or 1, and why not.
const path = process.argv[2] ?? '/health'
const url = `http://127.0.0.1:${process.env.PORT ?? '8080'}${path}`
try {
  const response = await fetch(url, { signal: AbortSignal.timeout(2_000) })
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`)
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error))
  process.exit(1)
}
