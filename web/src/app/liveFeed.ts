import type { SyncEvent } from '../contracts.ts'
import { isObject, text } from '../app/json.ts'
import { restoreAborted } from '../composers/drafts.ts'
import { refusal } from '../hub/errors.ts'
import { EventStream, type StreamState } from '../hub/eventStream.ts'
import { authorized, request } from '../hub/request.ts'
import { refreshMachines, takeMachineEvent } from '../machines/queries.ts'
import { catchUp, forgetFreshness, needsCatchUp, takeMessageEvent } from '../messages/conversations.ts'
import { outbox } from '../messages/outbox.ts'
import { refreshFailedSessions, refreshSessions, takeSessionEvent } from '../sessions/sessionEvents.ts'
import { createStore } from './store.ts'

export const streamState = createStore<StreamState>({ status: 'idle', since: Date.now(), cause: null })

let openConversation: string | null = null
let subscription: string | null = null

/** Which conversation is on the screen: it is the one that is brought up to date after a gap. */
export function showConversation(id: string | null): void {
  openConversation = id
}

/** Follows the hub's events for as long as somebody is signed in. Gives the way to stop. */
export function followHub(): () => void {
  const stream = new EventStream({
    open: async (cursor, signal) => {
      const answer = await authorized(`/api/events?all=true&visibility=${visibility()}`, {
        signal,
        cache: 'no-store',
        headers: { accept: 'text/event-stream', ...(cursor ? { 'last-event-id': cursor } : {}) },
      })
      if (!answer.ok || !answer.body) throw await refusal(answer)
      return answer.body
    },
    take,
    changed: state => streamState.set(state),
    now: () => Date.now(),
    visible: () => document.visibilityState === 'visible',
  })
  const seen = () => {
    if (document.visibilityState === 'visible') stream.revive()
    tellVisibility()
  }
  const online = () => stream.revive()
  document.addEventListener('visibilitychange', seen)
  window.addEventListener('online', online)
  window.addEventListener('pageshow', online)
  void stream.run()
  return () => {
    document.removeEventListener('visibilitychange', seen)
    window.removeEventListener('online', online)
    window.removeEventListener('pageshow', online)
    stream.stop()
    subscription = null
  }
}

function take(event: unknown): void {
  if (!isObject(event)) return
  if (event['type'] === 'connection-changed') {
    subscription = text(event['data'], 'subscriptionId')
    if (text(event['data'], 'resume') === 'ok') refreshFailed()
    else afterGap()
    outbox.flush()
    return
  }
  // Unknown types fall through every switch: a newer hub may say more.
  const known = event as unknown as SyncEvent
  try {
    takeSessionEvent(known)
    takeMessageEvent(known)
    takeMachineEvent(known)
    if (known.type === 'message-received') restoreAborted(known.sessionId, known.message)
  } catch {
    // An event that cannot be applied would fail again each time it is replayed: ask for everything instead.
    afterGap()
  }
}

function afterGap(): void {
  refreshSessions()
  refreshMachines()
  forgetFreshness()
  if (openConversation) void catchUp(openConversation)
}

// Nothing was missed, but what could not be loaded while the hub was away still has to be.
function refreshFailed(): void {
  refreshFailedSessions()
  if (openConversation && needsCatchUp(openConversation)) void catchUp(openConversation)
}

function visibility(): 'visible' | 'hidden' {
  return document.visibilityState === 'visible' ? 'visible' : 'hidden'
}

function tellVisibility(): void {
  if (!subscription) return
  request('POST', '/api/visibility', { subscriptionId: subscription, visibility: visibility() }).catch(() => undefined)
}
