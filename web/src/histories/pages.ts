import { list, number, text } from '../app/json.ts'
import { request, sessionPath } from '../hub/request.ts'
import { readRow, type HistoryRow } from './historyRow.ts'

export interface HistoryPage {
  readonly rows: readonly HistoryRow[]
  /** Where the older rows begin; `null` when there are none. */
  readonly next: string | null
}

const limit = 50

/** The audit of one session, newest first. */
export async function readHistory(sessionId: string, cursor: string | null): Promise<HistoryPage> {
  const query = new URLSearchParams({ limit: String(limit), ...(cursor ? { cursor } : {}) })
  return readPage(await request<unknown>('GET', sessionPath(sessionId, `/history?${query}`)))
}

export function readPage(answer: unknown): HistoryPage {
  const body = answer as Record<string, unknown> | null
  const next = number(answer, 'next', 'nextCursor')
  return {
    rows: list(body?.['entries'] ?? body?.['rows']).flatMap(value => readRow(value) ?? []),
    next: next === null ? text(answer, 'next', 'nextCursor') : String(next),
  }
}
