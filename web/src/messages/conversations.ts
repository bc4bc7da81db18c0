import type { MessagePage, QueuedStateResponse, SyncEvent } from '../contracts.ts'
import { createStore, type Store } from '../app/store.ts'
import { HubError, messageOf } from '../hub/errors.ts'
import { request, sessionPath } from '../hub/request.ts'
import {
  emptyWindow, withConsumed, withDelivery, withDeliveryState, withLatest, withLive, withMessage, withNewer, withOlder, without, type MessageWindow,
} from './messageWindow.ts'
import { forgetWindows, keepWindow, readWindow } from './keptWindows.ts'
import { outbox } from './outbox.ts'
import { headOf, isWaiting, newerOf, type Place } from './places.ts'

/** One conversation as the screen shows it. */
export interface Conversation {
  readonly window: MessageWindow
  readonly loaded: boolean
  readonly loadingOlder: boolean
  /** Why what is shown may be old. */
  readonly warning: string | null
}

const nothing: Conversation = { window: emptyWindow, loaded: false, loadingOlder: false, warning: null }
const firstPage = 80
const nextPage = 200
const stores = new Map<string, Store<Conversation>>()
const runs = new Map<string, { promise: Promise<void>; again: boolean }>()

export function conversation(id: string): Store<Conversation> {
  let store = stores.get(id)
  if (!store) stores.set(id, (store = createStore(nothing)))
  return store
}

/** Brings the conversation up to date. One run at a time; a call meanwhile makes one more. */
export function catchUp(id: string): Promise<void> {
  const running = runs.get(id)
  if (running) {
    running.again = true
    return running.promise
  }
  const run = { promise: Promise.resolve(), again: false }
  runs.set(id, run)
  run.promise = (async () => {
    try {
      do {
        run.again = false
        await sync(id)
        update(id, state => ({ ...state, loaded: true, warning: null }))
      } while (run.again)
    } catch (error) {
      update(id, state => ({ ...state, warning: messageOf(error) }))
    } finally {
      runs.delete(id)
    }
  })()
  return run.promise
}

export function needsCatchUp(id: string): boolean {
  const { loaded, warning } = conversation(id).get()
  return !loaded || warning !== null
}

export async function loadOlder(id: string): Promise<void> {
  const { window, loadingOlder } = conversation(id).get()
  if (loadingOlder || !window.hasOlder || !window.older) return
  update(id, state => ({ ...state, loadingOlder: true }))
  try {
    const page = await read(id, { beforeAt: window.older.at, beforeSeq: window.older.seq, limit: firstPage })
    const known = withOlder(conversation(id).get().window, page)
    if (known) update(id, state => ({ ...state, window: known, loadingOlder: false }))
    else await startAnew(id)
  } catch (error) {
    update(id, state => ({ ...state, warning: messageOf(error) }))
  } finally {
    update(id, state => ({ ...state, loadingOlder: false }))
  }
}

/** Brings an event into the conversations that are held here. */
export function takeMessageEvent(event: SyncEvent): void {
  if (!('sessionId' in event)) return
  if (event.type === 'message-received' && event.message.localId) outbox.arrived(event.sessionId, event.message.localId)
  if (event.type === 'message-cancelled') outbox.arrived(event.sessionId, event.localId ?? event.messageId)
  if (!stores.has(event.sessionId)) return
  switch (event.type) {
    case 'message-received':
      change(event.sessionId, window => withMessage(window, event.message))
      break
    case 'messages-consumed':
      change(event.sessionId, window => withConsumed(window, event.localIds, event.invokedAt))
      break
    case 'messages-indeterminate':
      change(event.sessionId, window => withDeliveryState(window, event.localIds, 'indeterminate'))
      break
    case 'messages-requeued':
      change(event.sessionId, window => withDeliveryState(window, event.localIds, undefined))
      break
    case 'message-cancelled':
      change(event.sessionId, window => without(window, event.messageId, event.localId))
      break
    case 'message-delivery':
      change(event.sessionId, window => withDelivery(window, event.messageId, event.delivery))
      break
    case 'message-live':
      change(event.sessionId, window => withLive(window, event.streams))
      break
    case 'messages-invalidated':
      void startAnew(event.sessionId)
      break
    case 'session-removed':
      stores.delete(event.sessionId)
      break
    default:
  }
}

/** After a gap: cursors still hold, but what was consumed or cancelled meanwhile must be asked for. */
export function forgetFreshness(): void {
  for (const [id, store] of stores) {
    if (store.get().loaded) stale.add(id)
  }
}

const stale = new Set<string>()

/** Another account's conversations are not this one's business. */
export function forgetConversations(): void {
  stores.clear()
  stale.clear()
  void forgetWindows()
}

async function sync(id: string): Promise<void> {
  const known = await begin(id)
  const { newest, epoch } = conversation(id).get().window
  if (!known || !newest || epoch === null) {
    const page = await read(id, { limit: firstPage })
    change(id, window => withLatest(window, page))
  } else {
    await readOn(id, newest, epoch)
    await askForQueue(id)
    if (stale.delete(id)) {
      // What was being written may have ended unseen; only the newest page says what is open now.
      const page = await read(id, { limit: 1 })
      change(id, window => withLive(window, page.live ?? []))
    }
  }
  outbox.settled(id, conversation(id).get().window.rows)
}

// What lies on disk shows at once, but it may be far behind: it is met by the newest page, not read on from.
async function begin(id: string): Promise<boolean> {
  if (conversation(id).get().loaded) return true
  const kept = await readWindow(id)
  if (kept) change(id, window => (window.epoch === null && window.rows.length === 0 ? kept : window))
  return false
}

async function readOn(id: string, from: Place, epoch: number): Promise<void> {
  let cursor: Place = from
  let until: Place | null = null
  for (;;) {
    const page = await read(id, {
      afterAt: cursor.at, afterSeq: cursor.seq, epoch, limit: nextPage,
      ...(until ? { untilAt: until.at, untilSeq: until.seq } : {}),
    })
    change(id, window => withNewer(window, page))
    if (page.page.reset || page.page.direction === 'latest' || !page.page.hasMore) return
    until ??= headOf(page.page)
    const next = newerOf(page.page)
    if (!next || (next.at === cursor.at && next.seq === cursor.seq)) throw new HubError(200, 'The hub gave the same page twice.')
    cursor = next
  }
}

async function askForQueue(id: string): Promise<void> {
  const localIds = conversation(id).get().window.rows.filter(isWaiting).map(row => row.localId ?? '')
  if (localIds.length === 0) return
  const state = await request<QueuedStateResponse>('POST', sessionPath(id, '/messages/queued-state'), { localIds })
  const gone = new Set(localIds)
  for (const known of [...state.queuedLocalIds, ...state.indeterminateLocalIds, ...state.invokedLocalMessages.map(m => m.localId)]) gone.delete(known)
  change(id, window => {
    let next = withDeliveryState(window, state.indeterminateLocalIds, 'indeterminate')
    next = withDeliveryState(next, state.queuedLocalIds, undefined)
    for (const message of state.invokedLocalMessages) next = withConsumed(next, [message.localId], message.invokedAt)
    for (const localId of gone) next = without(next, localId, localId)
    return next
  })
}

async function startAnew(id: string): Promise<void> {
  change(id, window => ({ ...emptyWindow, live: window.live }))
  await catchUp(id)
}

function read(id: string, query: Record<string, number>): Promise<MessagePage> {
  const search = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]))
  return request<MessagePage>('GET', sessionPath(id, `/messages?${search}`))
}

function change(id: string, how: (window: MessageWindow) => MessageWindow): void {
  update(id, state => {
    const window = how(state.window)
    return window === state.window ? state : { ...state, window }
  })
  keepWindow(id, () => conversation(id).get().window)
}

function update(id: string, how: (state: Conversation) => Conversation): void {
  const store = conversation(id)
  store.set(how(store.get()))
}
