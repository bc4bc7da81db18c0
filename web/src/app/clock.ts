import { useSyncExternalStore } from 'react'

/** One ticker for everything that shows how long something has taken; it stands still while nobody watches. */
function ticker(every: number): () => number {
  let now = Date.now()
  let timer: ReturnType<typeof setInterval> | null = null
  const listeners = new Set<() => void>()
  const subscribe = (listener: () => void) => {
    listeners.add(listener)
    timer ??= setInterval(() => {
      now = Date.now()
      for (const tell of listeners) tell()
    }, every)
    return () => {
      listeners.delete(listener)
      if (listeners.size === 0 && timer !== null) {
        clearInterval(timer)
        timer = null
      }
    }
  }
  return () => useSyncExternalStore(subscribe, () => (timer === null ? (now = Math.floor(Date.now() / every) * every) : now))
}

export const useMinutes = ticker(30_000)
export const useSeconds = ticker(1_000)
