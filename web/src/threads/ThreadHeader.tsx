import { useState } from 'react'
import { Link } from 'wouter'
import type { Usage } from '../blocks/block.ts'
import type { Session } from '../contracts.ts'
import { Icon } from '../controls/Icon.tsx'
import { StatusMark, statusWords } from '../controls/StatusMark.tsx'
import { text } from '../app/json.ts'
import { agentLabel } from '../sessions/agents.ts'
import { SessionMenu } from '../sessions/SessionMenu.tsx'
import { lastSegment, statusOf, titleOf } from '../sessions/statuses.ts'
import { metadataOf } from '../sessions/summaries.ts'

export function ThreadHeader({ session, usage, pending }: { session: Session; usage: Usage | null; pending: number }) {
  const [menu, setMenu] = useState(false)
  const metadata = metadataOf(session.metadata)
  const status = statusOf({ ...session, lifecycleState: metadata?.lifecycleState ?? null, pending, background: session.backgroundTaskCount })
  const title = titleOf(metadata, session.id)
  return (
    <header className="thread-head">
      <Link href="/" className="round back" aria-label="Back to the sessions">
        <Icon name="back" />
      </Link>
      <div className="thread-title">
        <h1>{title}</h1>
        <p>
          <StatusMark status={status} />
          <span className="thread-status" data-testid="session-status" data-status={status}>
            {statusWords[status]}
          </span>
          <span className="thread-where">
            {agentLabel(metadata?.flavor)} · {lastSegment(metadata?.path ?? '') || text(session.metadata, 'path')}
          </span>
        </p>
      </div>
      <button type="button" className="round" aria-label="Session menu" data-testid="session-menu" onClick={() => setMenu(true)}>
        <Icon name="more" />
      </button>
      {menu && <SessionMenu session={session} title={title} usage={usage} onClose={() => setMenu(false)} />}
    </header>
  )
}
