import { collectDefaultMetrics, Registry } from '@prometheus-io/client'

let ofProcess: Registry | null = null

/** Those of the process, which are the same for every gateway that is built in it. They watch it from the first call on. */
export function processMetrics(): Registry {
  if (ofProcess === null) {
    ofProcess = new Registry()
    collectDefaultMetrics({ register: ofProcess, eventLoopUtilizationTimeout: 1000 })
  }
  return ofProcess
}
