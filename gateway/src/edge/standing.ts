/** Whether the gateway is here to stay. */
export interface Standing {
  isStopping(): boolean
  /** From now on it is stopping: readiness is off, and connections end with their next answer. */
  stop(): void
}

/** A gateway that stays, until it is told to stop. */
export function createStanding(): Standing {
  let isStopping = false
  return {
    isStopping: () => isStopping,
    stop() {
      isStopping = true
    },
  }
}
