import type { SessionSummary } from '../contracts.ts'
import { readStored, writeStored } from '../app/storage.ts'
import { createStore } from '../app/store.ts'
import { HubError } from '../hub/errors.ts'
import { request } from '../hub/request.ts'
import { isInterrupted, reopenErrorOf } from './endings.ts'

/** "Reopen all" as this page follows it. */
export interface ReopenAll {
  /** Each session that was interrupted then, with the failure it had already. */
  readonly asked: ReadonlyMap<string, string | null>
  readonly answered: boolean
  readonly error: unknown
}

export interface Progress {
  readonly total: number
  readonly back: number
  /** What failed since, with why. */
  readonly failed: readonly SessionSummary[]
  readonly running: boolean
}

/** Many sessions start one after the other, and each may take a minute. */
const patience = 600_000
const dismissedKey = 'interruptions-seen'

export const reopeningAll = createStore<ReopenAll | null>(null)
export const dismissed = createStore<readonly string[]>(readStored<string[]>(dismissedKey) ?? [])

export function reopenAll(rows: readonly SessionSummary[]): void {
  const run: ReopenAll = { asked: new Map(rows.filter(isInterrupted).map(row => [row.id, reopenErrorOf(row.metadata)])), answered: false, error: null }
  reopeningAll.set(run)
  request('POST', '/api/sessions/reopen-interrupted', undefined, patience).then(
    () => reopeningAll.set({ ...run, answered: true }),
    // A lost connection says nothing of what the hub goes on doing: the stream tells.
    (error: unknown) => reopeningAll.set(error instanceof HubError && error.unreachable ? run : { ...run, answered: true, error }),
  )
}

/** Not now: the bar is back when something else is interrupted. */
export function dismissInterrupted(rows: readonly SessionSummary[]): void {
  const ids = rows.filter(isInterrupted).map(row => row.id)
  writeStored(dismissedKey, ids)
  dismissed.set(ids)
  reopeningAll.set(null)
}

/** How far it is, read from the list that the stream keeps. */
export function progressOf({ asked, answered }: ReopenAll, rows: readonly SessionSummary[]): Progress {
  const still = rows.filter(row => asked.has(row.id) && isInterrupted(row))
  const failed = still.filter(row => {
    const error = reopenErrorOf(row.metadata)
    return error !== null && (answered || error !== asked.get(row.id))
  })
  const back = rows.filter(row => asked.has(row.id) && row.active).length
  return { total: asked.size, back, failed, running: back + failed.length < asked.size && !(answered && still.length === failed.length) }
}
