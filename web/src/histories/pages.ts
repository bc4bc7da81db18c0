import { list, number, object } from '../app/json.ts'
import { request, sessionPath } from '../hub/request.ts'
import { readRow, type HistoryRow } from './historyRow.ts'

export interface HistoryPage {
  readonly rows: readonly HistoryRow[]
  /** Where the older rows begin; `null` when there are none. */
  readonly next: number | null
}

const limit = 50

/** The audit of one session, newest first. */
export async function readHistory(sessionId: string, before: number | null): Promise<HistoryPage> {
  const query = new URLSearchParams({ limit: String(limit), ...(before === null ? {} : { before: String(before) }) })
  return readPage(await request<unknown>('GET', sessionPath(sessionId, `/history?${query}`)))
}

export function readPage(answer: unknown): HistoryPage {
  return { rows: list(object(answer)?.['acts']).flatMap(value => readRow(value) ?? []), next: number(answer, 'nextBefore') }
}
