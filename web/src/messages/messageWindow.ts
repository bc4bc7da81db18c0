import type { ChatMessage, Delivery, LiveStream, MessagePage } from '../contracts.ts'
import { compare, headOf, isWaiting, later, newerOf, olderOf, placeOf, type Place } from './places.ts'

/** What is known of one conversation: a gapless run of stored messages up to the newest, and what is being written. Never changed in place. */
export interface MessageWindow {
  /** Ascending by place. */
  readonly rows: readonly ChatMessage[]
  readonly live: readonly LiveStream[]
  /** `null` until a page has been read, or when the cursors can no longer be trusted. */
  readonly epoch: number | null
  readonly newest: Place | null
  readonly older: Place | null
  readonly hasOlder: boolean
}

export const emptyWindow: MessageWindow = { rows: [], live: [], epoch: null, newest: null, older: null, hasOlder: false }

const keptAtTheEnd = 400
const trimmedAbove = 600

/** The newest page. It replaces what is stored, unless it continues it; what came in while it was on its way stays. */
export function withLatest(window: MessageWindow, page: MessagePage): MessageWindow {
  const head = headOf(page.page)
  const joins = window.epoch === page.page.epoch && page.messages.some(row => window.rows.some(known => known.id === row.id))
  const kept = window.rows.filter(row => !head || compare(placeOf(row), head) > 0 || (joins && !isWaiting(row)))
  const rows = merge(kept, page.messages)
  const last = rows.at(-1)
  return {
    rows,
    live: page.live ?? [],
    epoch: page.page.epoch,
    newest: later(later(joins ? window.newest : null, head), last ? placeOf(last) : null),
    older: joins ? window.older : olderOf(page.page),
    hasOlder: joins ? window.hasOlder : page.page.hasMore,
  }
}

/** A page of what came after the newest. */
export function withNewer(window: MessageWindow, page: MessagePage): MessageWindow {
  if (page.page.reset || page.page.direction === 'latest') return withLatest({ ...window, epoch: null }, page)
  return { ...window, rows: merge(window.rows, page.messages), newest: later(window.newest, newerOf(page.page)) }
}

/** A page of what came before. With another epoch it says nothing about this window: `null`. */
export function withOlder(window: MessageWindow, page: MessagePage): MessageWindow | null {
  if (page.page.epoch !== window.epoch) return null
  return { ...window, rows: merge(page.messages, window.rows), older: olderOf(page.page) ?? window.older, hasOlder: page.page.hasMore }
}

export function withMessage(window: MessageWindow, row: ChatMessage): MessageWindow {
  const rows = merge(window.rows, [row])
  const next = { ...window, rows, newest: window.epoch === null ? window.newest : later(window.newest, placeOf(row)) }
  return rows.length > trimmedAbove ? trimmed(next) : next
}

/** The agent has these now: they move to where it got them. */
export function withConsumed(window: MessageWindow, localIds: readonly string[], invokedAt: number): MessageWindow {
  return change(window, row => row.localId !== null && localIds.includes(row.localId), row =>
    row.invokedAt === null ? { ...row, invokedAt, deliveryState: undefined, delivery: { state: 'consumed' as const, at: invokedAt } } : row,
  )
}

export function withDeliveryState(window: MessageWindow, localIds: readonly string[], deliveryState: 'indeterminate' | undefined): MessageWindow {
  return change(window, row => row.localId !== null && localIds.includes(row.localId), row => ({ ...row, deliveryState }))
}

export function withDelivery(window: MessageWindow, messageId: string, delivery: Delivery): MessageWindow {
  return change(window, row => row.id === messageId, row => (row.invokedAt === null || delivery.state !== 'sent' ? { ...row, delivery } : row))
}

export function without(window: MessageWindow, messageId: string, localId: string | null | undefined): MessageWindow {
  const rows = window.rows.filter(row => row.id !== messageId && row.localId !== messageId && (!localId || row.localId !== localId))
  return rows.length === window.rows.length ? window : { ...window, rows }
}

/** What is being written now; an empty list ends it. */
export function withLive(window: MessageWindow, live: readonly LiveStream[]): MessageWindow {
  return window.live.length === 0 && live.length === 0 ? window : { ...window, live }
}

function change(window: MessageWindow, which: (row: ChatMessage) => boolean, how: (row: ChatMessage) => ChatMessage): MessageWindow {
  if (!window.rows.some(which)) return window
  return { ...window, rows: window.rows.map(row => (which(row) ? how(row) : row)).toSorted((a, b) => compare(placeOf(a), placeOf(b))) }
}

// By id; a row that comes again keeps its identity when it says nothing new, so that nothing is drawn again.
function merge(known: readonly ChatMessage[], incoming: readonly ChatMessage[]): readonly ChatMessage[] {
  const last = known.at(-1)
  if (incoming.length === 1 && incoming[0] && (!last || compare(placeOf(incoming[0]), placeOf(last)) > 0) && !known.some(row => row.id === incoming[0]?.id))
    return [...known, incoming[0]]
  const byId = new Map(known.map(row => [row.id, row]))
  for (const row of incoming) {
    const before = byId.get(row.id)
    byId.set(row.id, before ? combined(before, row) : row)
  }
  return [...byId.values()].toSorted((a, b) => compare(placeOf(a), placeOf(b)))
}

function combined(before: ChatMessage, row: ChatMessage): ChatMessage {
  const next = before.invokedAt !== null && row.invokedAt === null ? { ...row, invokedAt: before.invokedAt } : row
  const unchanged =
    before.seq === next.seq &&
    before.invokedAt === next.invokedAt &&
    before.deliveryState === next.deliveryState &&
    before.delivery?.state === next.delivery?.state &&
    JSON.stringify(before.content) === JSON.stringify(next.content)
  return unchanged ? before : next
}

function trimmed(window: MessageWindow): MessageWindow {
  const cut = window.rows.length - keptAtTheEnd
  const rows = window.rows.filter((row, i) => i >= cut || isWaiting(row))
  const oldest = rows.find(row => !isWaiting(row))
  return { ...window, rows, hasOlder: true, older: oldest ? placeOf(oldest) : window.older }
}
