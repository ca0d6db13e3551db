import { expect, test } from 'vitest'
import { airport } from '../world/airports.ts'
import { carriers } from '../world/carriers.ts'
import { demoRoutes } from './demo-routes.ts'
import { createSimulation } from './simulation.ts'

const asked = (operation: 'search' | 'price', route: string) => ({
  operation,
  key: () => `${route}/2030-01-15/economy/1-0-0`,
  ordered: null,
  latencyShare: 1,
})

test('lie between airports of the world, at airlines that there are', () => {
  for (const [route, { airline }] of Object.entries(demoRoutes)) {
    for (const code of route.split('-')) expect(airport(code).code).toBe(code)
    expect(carriers.has(airline)).toBe(true)
  }
})

test.each(['instant', 'realistic', 'chaos'] as const)(
  'go wrong in the profile %s, always in the same way',
  (profile) => {
    for (const [route, { airline, kind }] of Object.entries(demoRoutes)) {
      const simulation = createSimulation({ seed: 's', airline, profile, demoRoutes: true })
      for (let times = 0; times < 5; times++) expect(simulation.judge(asked('search', route)).fault?.kind).toBe(kind)
    }
  },
)

test('spare other operations, other airlines, other routes, and airlines whose control plane is closed', () => {
  const open = createSimulation({ seed: 's', airline: 'banyan', profile: 'instant', demoRoutes: true })
  const other = createSimulation({ seed: 's', airline: 'lotus', profile: 'instant', demoRoutes: true })
  const closed = createSimulation({ seed: 's', airline: 'banyan', profile: 'instant' })
  expect(open.judge(asked('price', 'STV-IXM')).fault).toBeNull()
  expect(open.judge(asked('search', 'IXM-STV')).fault).toBeNull()
  expect(other.judge(asked('search', 'STV-IXM')).fault).toBeNull()
  expect(closed.judge(asked('search', 'STV-IXM')).fault).toBeNull()
})

test('give way to the fault that the request itself asks for', () => {
  const simulation = createSimulation({ seed: 's', airline: 'banyan', profile: 'instant', demoRoutes: true })
  expect(simulation.judge({ ...asked('search', 'STV-IXM'), ordered: 'html' }).fault?.kind).toBe('html')
})
