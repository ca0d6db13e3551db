import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

/** Suites that measure time or memory, or ask of the machine all it has: one file after the other, once the rest is done. */
const alone = [
  'tests/e2e/{airline-simulation,contention,load,soak,start,torture}.test.ts',
  'tests/integration/{rate-limit,redis,redis-cluster}.test.ts',
]

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{gateway,services,load,bench}/**/*.test.ts'],
          testTimeout: 15_000,
          // Vitest leaves one core to itself, which of two is half of the machine.
          maxWorkers: Math.max(2, availableParallelism() - 1),
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: 'system',
          include: ['tests/**/*.test.ts'],
          exclude: alone,
          // They wait more than they compute, for deadlines, back-offs and containers: two at a time.
          maxWorkers: 2,
          testTimeout: 60_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'alone',
          include: alone,
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 2 },
        },
      },
    ],
    reporters: ['default', ['json', { outputFile: 'coverage/results.json' }]],
    coverage: {
      provider: 'v8',
      include: ['gateway/src/**/*.ts', 'services/*/src/**/*.ts', 'load/src/**/*.ts'],
      exclude: ['**/*.test.ts'],
      reporter: ['text-summary', 'html'],
    },
  },
})
