import type { ReopenAllResponse, SessionSummary } from '../contracts.ts'
import { readStored, writeStored } from '../app/storage.ts'
import { createStore } from '../app/store.ts'
import { request } from '../hub/request.ts'
import { isInterrupted } from './endings.ts'

/** "Reopen all" as this page follows it: the hub answers at once and brings them back one after the other. */
export interface ReopenAll {
  /** Each session that is being brought back, with what had failed before, if anything. */
  readonly asked: ReadonlyMap<string, string | null>
  readonly error: unknown
}

export interface Progress {
  readonly total: number
  readonly back: number
  /** What failed since; why stands in the row. */
  readonly failed: readonly SessionSummary[]
  readonly running: boolean
}

const dismissedKey = 'interruptions-seen'

export const reopeningAll = createStore<ReopenAll | null>(null)
export const dismissed = createStore<readonly string[]>(readStored<string[]>(dismissedKey) ?? [])

export function reopenAll(rows: readonly SessionSummary[]): void {
  const asked = new Map(rows.filter(isInterrupted).map(row => [row.id, failureOf(row)]))
  reopeningAll.set({ asked, error: null })
  request<ReopenAllResponse>('POST', '/api/sessions/reopen-interrupted').then(
    ({ sessions }) => reopeningAll.set({ asked: new Map(sessions.map(id => [id, asked.get(id) ?? null])), error: null }),
    (error: unknown) => reopeningAll.set({ asked, error }),
  )
}

/** Not now: the bar is back when something else is interrupted. */
export function dismissInterrupted(rows: readonly SessionSummary[]): void {
  const ids = rows.filter(isInterrupted).map(row => row.id)
  writeStored(dismissedKey, ids)
  dismissed.set(ids)
  reopeningAll.set(null)
}

/** How far it is, read from the list that the stream keeps. A session that is interrupted no more counts, whoever brought it back. */
export function progressOf({ asked }: ReopenAll, rows: readonly SessionSummary[]): Progress {
  const still = rows.filter(row => asked.has(row.id) && isInterrupted(row))
  const failed = still.filter(row => failureOf(row) !== asked.get(row.id))
  return { total: asked.size, back: asked.size - still.length, failed, running: still.length > failed.length }
}

// The same words may come again: each failure has its time.
function failureOf(row: SessionSummary): string | null {
  const error = row.metadata?.reopenError
  return error ? `${error.at} ${error.message}` : null
}
