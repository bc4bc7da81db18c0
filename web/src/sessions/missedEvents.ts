import type { SyncEvent } from '../contracts.ts'

// An answer is a picture of a moment: what the stream brings while it is on its way may be newer, and would be painted over.
const missed: SyncEvent[] = []
let reads = 0
let replay: (event: SyncEvent) => void = () => undefined

/** Says who applies events that came during a read, once its answer is in the cache. */
export function onMissed(apply: (event: SyncEvent) => void): void {
  replay = apply
}

/** Keeps an event for the reads that are on their way. */
export function noteEvent(event: SyncEvent): void {
  if (reads > 0) missed.push(event)
}

/** Reads, and lets the events that came meanwhile follow its answer, in their order. */
export async function withMissedEvents<T>(read: () => Promise<T>): Promise<T> {
  const from = missed.length
  reads += 1
  try {
    return await read()
  } finally {
    reads -= 1
    const later = missed.slice(from)
    if (reads === 0) missed.length = 0
    // The answer is in the cache by then.
    if (later.length > 0) setTimeout(() => later.forEach(replay))
  }
}
