import type { Session, SessionSummary } from '../contracts.ts'
import type { Status } from '../controls/StatusMark.tsx'
import { hasEnded } from './endings.ts'

interface Standing {
  readonly active: boolean
  readonly thinking: boolean
  readonly interrupted?: boolean
  readonly liveness?: Session['liveness']
  readonly lifecycleState: string | null
  readonly pending: number
  readonly background: number
}

/** One rule for the one mark of a session, wherever it is shown. What needs a person comes first; an end is final. */
export function statusOf(standing: Standing): Status {
  const { active, thinking, liveness, pending, background } = standing
  if (hasEnded(standing, standing.lifecycleState)) return standing.interrupted ? 'interrupted' : 'ended'
  if (pending > 0) return 'needs-you'
  if (!active || liveness?.state === 'unreachable') return 'unreachable'
  return thinking || background > 0 ? 'working' : 'idle'
}

export function statusOfRow(row: SessionSummary): Status {
  return statusOf({ ...row, lifecycleState: row.metadata?.lifecycleState ?? null, pending: row.pendingRequestsCount, background: row.backgroundTaskCount })
}

export interface Section {
  readonly id: 'needs-you' | 'working' | 'interrupted' | 'idle' | 'ended'
  readonly title: string
  readonly rows: readonly SessionSummary[]
}

/** The list in the order of what a person should look at. */
export function sectionsOf(rows: readonly SessionSummary[]): Section[] {
  const of = (...statuses: Status[]) => rows.filter(row => statuses.includes(statusOfRow(row))).toSorted(byAttention)
  return [
    { id: 'needs-you', title: 'Needs you', rows: of('needs-you') } as const,
    { id: 'working', title: 'Working', rows: of('working') } as const,
    { id: 'interrupted', title: 'Interrupted', rows: of('interrupted') } as const,
    { id: 'idle', title: 'Idle', rows: of('idle', 'unreachable') } as const,
    { id: 'ended', title: 'Ended', rows: of('ended') } as const,
  ].filter(section => section.rows.length > 0)
}

function byAttention(a: SessionSummary, b: SessionSummary): number {
  return Number(b.globalPinned) - Number(a.globalPinned) || Number(b.pinned) - Number(a.pinned) || b.updatedAt - a.updatedAt
}

export function titleOf(metadata: SessionSummary['metadata'], id: string): string {
  return metadata?.name || metadata?.summary?.text || lastSegment(metadata?.path ?? '') || id.slice(0, 8)
}

export function lastSegment(path: string): string {
  return path.split(/[\\/]/).findLast(part => part !== '') ?? ''
}
