import type { FaultKind } from './faults.ts'
import type { Operation } from './operations.ts'

/**
 * Routes on which one airline's searches always go wrong in the same way while its control plane is open, so that a failure can
 * be looked at without setting anything. All leave from Surat, where few go; the other airlines sell them as any route.
 */
export const demoRoutes: Readonly<Record<string, { airline: string; kind: FaultKind }>> = {
  'STV-IXM': { airline: 'banyan', kind: 'timeout' },
  'STV-CJB': { airline: 'banyan', kind: 'late' },
  'STV-TRZ': { airline: 'banyan', kind: 'error' },
  'STV-DED': { airline: 'banyan', kind: 'reset' },
  'STV-IXE': { airline: 'banyan', kind: 'rate_limited' },
  'STV-UDR': { airline: 'banyan', kind: 'html' },
  'STV-VTZ': { airline: 'banyan', kind: 'truncated' },
  'STV-RPR': { airline: 'banyan', kind: 'missing_key' },
  'STV-BHO': { airline: 'banyan', kind: 'wrong_type' },
  'STV-IXR': { airline: 'saffron', kind: 'price_change' },
}

/** What becomes of an airline's search for being on a demo route; null: nothing. */
export function demoFault(
  airline: string,
  { operation, key }: { operation: Operation; key: () => string },
): FaultKind | null {
  if (operation !== 'search') return null
  const [route = ''] = key().split('/')
  const demo = demoRoutes[route]
  return demo?.airline === airline ? demo.kind : null
}
