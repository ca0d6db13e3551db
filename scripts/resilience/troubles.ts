import type { FaultSwitch, RunningAirline } from '../../tests/support/system.ts'

/** What is wrong with one airline while searches are measured. */
export interface Trouble {
  name: string
  /** Brings it about. */
  begin(airline: RunningAirline): Promise<void>
  /** Ends what a change of switches would not end. */
  end?(airline: RunningAirline): Promise<void>
}

/** A fault that strikes a share of searches. */
function struck(name: string, fault: Pick<FaultSwitch, 'kind' | 'share' | 'delayMs'>): Trouble {
  return { name, begin: (airline) => airline.setFaults([{ operation: 'search', ...fault }]) }
}

/** Everything that is measured, one row each. */
export const troubles: readonly Trouble[] = [
  { name: 'nothing', begin: async () => {} },
  struck('20 % answer 500', { kind: 'error', share: 0.2 }),
  struck('all answer 500', { kind: 'error', share: 1 }),
  struck('20 % of connections reset', { kind: 'reset', share: 0.2 }),
  struck('20 % of answers lost', { kind: 'lost_answer', share: 0.2 }),
  struck('5 % hang', { kind: 'timeout', share: 0.05 }),
  struck('all hang', { kind: 'timeout', share: 1 }),
  struck('20 % come 1 s late', { kind: 'late', share: 0.2, delayMs: 1_000 }),
  struck('20 % drip over 5 s', { kind: 'drip', share: 0.2, delayMs: 5_000 }),
  struck('20 % cut in the middle', { kind: 'truncated', share: 0.2 }),
  struck('20 % are an HTML page', { kind: 'html', share: 0.2 }),
  struck('20 % lack a key', { kind: 'missing_key', share: 0.2 }),
  struck('20 % have a wrong type', { kind: 'wrong_type', share: 0.2 }),
  struck('20 % answer 429', { kind: 'rate_limited', share: 0.2 }),
  {
    name: 'half the time × 8 and 30 % errors',
    begin: (airline) => airline.setBrownOut({ everyMs: 4_000, forMs: 2_000, factor: 8, errorShare: 0.3 }),
    end: (airline) => airline.setBrownOut(null),
  },
  {
    name: 'process stands still',
    begin: async (airline) => airline.pause(),
    end: async (airline) => airline.resume(),
  },
  {
    name: 'process is gone',
    begin: async (airline) => {
      await airline.kill()
    },
    end: (airline) => airline.restart(),
  },
]
