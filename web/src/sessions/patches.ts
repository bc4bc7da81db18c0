import type { Session, SessionPatch } from '../contracts.ts'
import { list } from '../app/json.ts'
import { livenessAfter } from './summaries.ts'

const sameMinute = 60_000

/**
 * Applies a patch to a session. Plain values: the last wins. Versioned values: only a newer one counts, because events may come twice.
 * Gives the same object when nothing has changed, so that nothing is drawn again for a keep-alive.
 */
export function applyPatch(session: Session, patch: SessionPatch): Session {
  const next: Session = {
    ...session,
    active: patch.active ?? session.active,
    thinking: patch.thinking ?? session.thinking,
    activeTurnStartedAt: patch.activeTurnStartedAt === undefined ? session.activeTurnStartedAt : patch.activeTurnStartedAt,
    activeAt: steady(session.activeAt, patch.activeAt),
    updatedAt: Math.max(session.updatedAt, patch.updatedAt ?? 0),
    model: patch.model ?? session.model,
    effort: patch.effort ?? session.effort,
    modelReasoningEffort: patch.modelReasoningEffort ?? session.modelReasoningEffort,
    permissionMode: patch.permissionMode ?? session.permissionMode,
    interrupted: session.interrupted && patch.active ? false : session.interrupted,
    liveness: livenessAfter(session.liveness, patch),
  }
  if (patch.metadata && patch.metadata.version > session.metadataVersion) {
    next.metadata = patch.metadata.value
    next.metadataVersion = patch.metadata.version
  }
  if (patch.agentState && patch.agentState.version > session.agentStateVersion) {
    next.agentState = patch.agentState.value
    next.agentStateVersion = patch.agentState.version
  }
  if (patch.todos && patch.todos.version > session.todosUpdatedAt) {
    next.todos = patch.todos.value
    next.todosUpdatedAt = patch.todos.version
  }
  return (Object.keys(next) as (keyof Session)[]).every(key => Object.is(session[key], next[key])) ? session : next
}

/** A whole session of an event replaces what is known, but never with older versions of its parts. */
export function replaceSession(before: Session | undefined, session: Session): Session {
  if (!before) return session
  const next = { ...session }
  if (before.metadataVersion > session.metadataVersion) Object.assign(next, { metadata: before.metadata, metadataVersion: before.metadataVersion })
  if (before.agentStateVersion > session.agentStateVersion)
    Object.assign(next, { agentState: before.agentState, agentStateVersion: before.agentStateVersion })
  // Only presence brings these; a row that was loaded while the process was away has none.
  if (list(session.availableModes).length === 0 && session.active) next.availableModes = before.availableModes
  if (list(session.availableModels).length === 0 && session.active) next.availableModels = before.availableModels
  return next
}

function steady(before: number, after: number | null | undefined): number {
  return after !== null && after !== undefined && Math.abs(after - before) >= sameMinute ? after : before
}
