import { memo } from 'react'
import { Link, useRoute } from 'wouter'
import type { SessionSummary } from '../contracts.ts'
import { Icon } from '../controls/Icon.tsx'
import { StatusMark, statusWords, type Status } from '../controls/StatusMark.tsx'
import { requestKind } from '../permissions/requestKinds.ts'
import { agentLabel } from './agents.ts'
import { endingOf, reopenErrorOf } from './endings.ts'
import { lastSegment, statusOfRow, titleOf } from './statuses.ts'
import { ago } from './times.ts'

export const SessionRow = memo(function SessionRow({ row, now }: { row: SessionSummary; now: number }) {
  const status = statusOfRow(row)
  const [here, params] = useRoute('/sessions/:id')
  const over = status === 'ended' || status === 'interrupted' ? endingOf(row.interrupted, row.metadata) : null
  const failure = over ? reopenErrorOf(row.metadata) : null
  const line = over ? null : about(row, status)
  const current = here && params.id === row.id
  return (
    <Link href={`/sessions/${row.id}`} className={`row row-${status}`} data-testid="session-row" aria-current={current ? 'page' : undefined}>
      <StatusMark status={status} />
      <span className="row-text">
        <span className="row-title">{titleOf(row.metadata, row.id)}</span>
        {status === 'needs-you' ? (
          <span className="row-line row-ask">{asks(row)}</span>
        ) : over ? (
          <span className="row-line row-over">
            <strong>{over.word}</strong>
            {over.why && ` · ${over.why}`}
          </span>
        ) : (
          line && <span className="row-line">{line}</span>
        )}
        {over?.kind === 'interrupted' && failure && <span className="row-line row-failure">Not reopened: {failure}</span>}
        <span className="row-line row-where">
          {agentLabel(row.metadata?.flavor)} · {lastSegment(row.metadata?.path ?? '') || '/'}
          {row.metadata?.host ? ` · ${row.metadata.host}` : ''}
        </span>
      </span>
      <span className="row-side">
        <time dateTime={new Date(row.updatedAt).toISOString()}>{ago(row.updatedAt, now)}</time>
        {(row.globalPinned || row.pinned) && <Icon name="pin" size={15} />}
        {row.todoProgress && row.todoProgress.completed < row.todoProgress.total && (
          <span className="row-todo" aria-label={`${row.todoProgress.completed} of ${row.todoProgress.total} steps done`}>
            {row.todoProgress.completed}/{row.todoProgress.total}
          </span>
        )}
      </span>
    </Link>
  )
})

function asks(row: SessionSummary): string {
  const [first] = row.pendingRequests
  if (!first) return 'Waits for your answer'
  const more = row.pendingRequestsCount > 1 ? ` and ${row.pendingRequestsCount - 1} more` : ''
  const what = { permission: `Wants to use ${first.tool}`, question: 'Asks you a question', plan: 'Has a plan for you to approve' }[requestKind(first.tool)]
  return what + more + (row.active ? '' : ' · out of reach')
}

// Only what the section and the mark do not say already.
function about(row: SessionSummary, status: Status): string | null {
  if (row.liveness?.fault) return row.liveness.fault.message
  if (status === 'working' && !row.thinking) return `Works in the background (${row.backgroundTaskCount})`
  return status === 'unreachable' ? statusWords[status] : null
}
