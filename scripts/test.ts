// npm test: every suite, with coverage.
import { parseCLI, startVitest } from 'vitest/node'

const help = `npm test: runs every suite and shows the coverage of what runs in the tests' own processes.

  npm test -- tests/e2e            only the files whose path holds these words (without coverage)
  npm test -- -t "seat is taken"   only the tests of these words; any option of Vitest may follow

Suites that need a Redis take the first of these that is there, and are skipped without one (with CI=true they fail):
  REDIS_URL                        a running Redis, which is emptied; suites that stop theirs pass over it
  a Docker engine                  a container of redis:8-alpine
  redis-server on PATH             a process of its own
and those that need PostgreSQL likewise:
  DATABASE_URL                     a running server, in which databases are made and dropped
  a Docker engine                  a container of postgres:17-alpine
  initdb and postgres              on PATH or where Debian keeps them: a server of its own
The suite that opens /docs in a browser needs Chromium: CHROME_PATH, or chromium on PATH. The one that holds Banyan's
messages to IATA's schemas needs NDC_SCHEMAS: the folder that they are in.`

const args = process.argv.slice(2)
if (args.includes('--help') || args.includes('-h')) {
  console.log(help)
} else {
  const { filter, options } = parseCLI(['vitest', 'run', ...args])
  const coverage = options.coverage ?? { enabled: filter.length === 0 && options.testNamePattern === undefined }
  const vitest = await startVitest(filter, { ...options, coverage })
  if (!vitest.shouldKeepServer()) await vitest.exit()
}
