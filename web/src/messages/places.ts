import type { ChatMessage, MessagePage } from '../contracts.ts'

/** A place in the conversation: the moment the agent got the message (or it was written), then the order of arrival. */
export interface Place {
  readonly at: number
  readonly seq: number
}

export function placeOf(row: ChatMessage): Place {
  return { at: row.invokedAt ?? row.createdAt, seq: row.seq }
}

export function compare(a: Place, b: Place): number {
  return a.at - b.at || a.seq - b.seq
}

export function later(a: Place | null, b: Place | null): Place | null {
  return a && b ? (compare(a, b) >= 0 ? a : b) : (a ?? b)
}

type Info = MessagePage['page']

export const headOf = (page: Info): Place | null => place(page.snapshotHeadAt, page.snapshotHeadSeq)
export const olderOf = (page: Info): Place | null => place(page.nextBeforeAt, page.nextBeforeSeq)
export const newerOf = (page: Info): Place | null => place(page.nextAfterAt, page.nextAfterSeq)

function place(at: number | null | undefined, seq: number | null | undefined): Place | null {
  return typeof at === 'number' && typeof seq === 'number' ? { at, seq } : null
}

/** A message that waits for the agent: `null` says so; a missing value comes from hubs that stamp at once. */
export function isWaiting(row: ChatMessage): boolean {
  return row.invokedAt === null && row.localId !== null && row.localId !== undefined
}
