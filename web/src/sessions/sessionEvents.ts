import type { Session, SessionPatch, SessionSummary, SyncEvent } from '../contracts.ts'
import { noteEvent, onMissed } from './missedEvents.ts'
import { applyPatch, replaceSession } from './patches.ts'
import { queryClient, sessionKey, sessionsKey } from './queries.ts'
import { patchSummary, summarize } from './summaries.ts'

onMissed(apply)

/** Brings an event into the cache of sessions. */
export function takeSessionEvent(event: SyncEvent): void {
  noteEvent(event)
  apply(event)
}

function apply(event: SyncEvent): void {
  switch (event.type) {
    case 'session-added':
    case 'session-updated':
      if (isWhole(event.data)) replace(event.data)
      else patch(event.sessionId, event.data)
      break
    case 'session-removed':
      queryClient.setQueryData<SessionSummary[]>(sessionsKey, rows => rows?.filter(row => row.id !== event.sessionId))
      queryClient.removeQueries({ queryKey: sessionKey(event.sessionId) })
      break
    case 'session-ended':
      // How it ended stands in the session itself.
      refresh(event.sessionId)
      break
    default:
  }
}

/** After a gap nothing that is cached can be trusted. */
export function refreshSessions(): void {
  void queryClient.invalidateQueries({ queryKey: sessionsKey })
  void queryClient.invalidateQueries({ queryKey: ['session'] })
}

export function refreshFailedSessions(): void {
  void queryClient.refetchQueries({ predicate: query => query.state.status === 'error' })
}

function refresh(id: string): void {
  void queryClient.invalidateQueries({ queryKey: sessionsKey })
  void queryClient.invalidateQueries({ queryKey: sessionKey(id) })
}

const asked = new Map<string, number>()
const pauseBetween = 60_000

// Patches do not carry the modes and models a session offers; the whole session does, once its process has told the hub.
function askForChoices(id: string, data: SessionPatch): void {
  const known = queryClient.getQueryData<Session>(sessionKey(id))
  if (!known || data.active !== true || known.availableModes) return
  if (Date.now() - (asked.get(id) ?? 0) < pauseBetween) return
  asked.set(id, Date.now())
  void queryClient.invalidateQueries({ queryKey: sessionKey(id) })
}

function isWhole(data: Session | SessionPatch): data is Session {
  return 'id' in data && typeof data.id === 'string'
}

function replace(session: Session): void {
  const known = queryClient.getQueryData<Session>(sessionKey(session.id))
  if (known) queryClient.setQueryData(sessionKey(session.id), replaceSession(known, session))
  queryClient.setQueryData<SessionSummary[]>(sessionsKey, rows => {
    if (!rows) return rows
    const at = rows.findIndex(row => row.id === session.id)
    return at < 0 ? [summarize(session), ...rows] : rows.with(at, summarize(session, rows[at]))
  })
}

function patch(id: string, data: SessionPatch): void {
  queryClient.setQueryData<Session>(sessionKey(id), known => (known ? applyPatch(known, data) : known))
  askForChoices(id, data)
  const rows = queryClient.getQueryData<SessionSummary[]>(sessionsKey)
  if (!rows) return
  const at = rows.findIndex(row => row.id === id)
  const row = rows[at]
  if (!row) {
    void queryClient.invalidateQueries({ queryKey: sessionsKey })
    return
  }
  const next = patchSummary(row, data)
  if (next !== row) queryClient.setQueryData<SessionSummary[]>(sessionsKey, rows.with(at, next))
}
