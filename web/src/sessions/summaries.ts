import type { Session, SessionPatch, SessionSummary } from '../contracts.ts'
import { isObject, list, number, object, text } from '../app/json.ts'
import { requestKind } from '../permissions/requestKinds.ts'
import { openRequests } from './agentState.ts'

const mostListed = 5

/** The list's row of a whole session. */
export function summarize(session: Session, before?: SessionSummary): SessionSummary {
  return {
    ...before,
    id: session.id,
    active: session.active,
    thinking: session.thinking,
    activeAt: session.activeAt,
    updatedAt: session.updatedAt,
    pinned: session.pinned,
    globalPinned: session.globalPinned,
    metadata: metadataOf(session.metadata),
    metadataVersion: session.metadataVersion,
    agentStateVersion: session.agentStateVersion,
    todosUpdatedAt: session.todosUpdatedAt,
    todoProgress: progressOf(session.todos),
    ...pendingOf(session.agentState, session.updatedAt),
    backgroundTaskCount: session.backgroundTaskCount,
    futureScheduledMessageCount: before?.futureScheduledMessageCount ?? 0,
    nextScheduledAt: before?.nextScheduledAt ?? null,
    model: session.model,
    effort: session.effort,
    interrupted: session.interrupted ?? false,
    liveness: session.liveness,
  }
}

/** Applies a patch to a row. Gives the same object when nothing that the list shows has changed. */
export function patchSummary(row: SessionSummary, patch: SessionPatch): SessionSummary {
  const next: SessionSummary = {
    ...row,
    active: patch.active ?? row.active,
    thinking: patch.thinking ?? row.thinking,
    updatedAt: Math.max(row.updatedAt, patch.updatedAt ?? 0),
    model: patch.model ?? row.model,
    effort: patch.effort ?? row.effort,
    interrupted: row.interrupted && patch.active ? false : row.interrupted,
    liveness: livenessAfter(row.liveness, patch),
  }
  if (patch.metadata && patch.metadata.version >= row.metadataVersion) {
    next.metadata = metadataOf(patch.metadata.value)
    next.metadataVersion = patch.metadata.version
  }
  if (patch.agentState && patch.agentState.version >= row.agentStateVersion) {
    Object.assign(next, pendingOf(patch.agentState.value, next.updatedAt))
    next.agentStateVersion = patch.agentState.version
  }
  if (patch.todos && patch.todos.version >= row.todosUpdatedAt) {
    next.todoProgress = progressOf(patch.todos.value)
    next.todosUpdatedAt = patch.todos.version
  }
  return same(row, next) ? row : next
}

/** A patch says whether there is a link, not how the hub stands with the process. */
export function livenessAfter(before: Session['liveness'], patch: SessionPatch): Session['liveness'] {
  if (patch.active === undefined || patch.active === null || !before) return before
  if (patch.active) return before.state === 'connected' ? before : { ...before, state: 'connected', fault: undefined }
  return before.state === 'connected' ? { ...before, state: 'unreachable', fault: undefined } : before
}

export function metadataOf(metadata: unknown): SessionSummary['metadata'] {
  if (!isObject(metadata)) return null
  const summary = text(metadata['summary'], 'text')
  const failed = metadata['reopenError']
  const message = text(failed, 'message')
  const member = (name: string) => text(metadata, name) ?? undefined
  return {
    path: member('path') ?? '',
    name: member('name'),
    machineId: member('machineId'),
    host: member('host'),
    summary: summary === null ? undefined : { text: summary },
    flavor: text(metadata, 'flavor'),
    worktree: metadata['worktree'],
    lifecycleState: member('lifecycleState'),
    archivedBy: member('archivedBy'),
    archiveReason: member('archiveReason'),
    reopenError: message === null ? undefined : { at: number(failed, 'at') ?? 0, message },
  }
}

function pendingOf(agentState: unknown, fallback: number): Pick<SessionSummary, 'pendingRequestsCount' | 'pendingRequestKinds' | 'pendingRequests'> {
  const open = openRequests(agentState).map(request => ({
    id: request.id,
    kind: requestKind(request.tool) === 'permission' ? ('permission' as const) : ('input' as const),
    tool: request.tool,
    since: request.since || fallback,
  }))
  return {
    pendingRequestsCount: open.length,
    pendingRequestKinds: ['permission', 'input'].filter(kind => open.some(request => request.kind === kind)),
    pendingRequests: open.slice(0, mostListed),
  }
}

function progressOf(todos: unknown): SessionSummary['todoProgress'] {
  const items = list(todos)
  return items.length === 0 ? null : { completed: items.filter(item => object(item)?.['status'] === 'completed').length, total: items.length }
}

function same(a: SessionSummary, b: SessionSummary): boolean {
  return (Object.keys(b) as (keyof SessionSummary)[]).every(key => Object.is(a[key], b[key]))
}
