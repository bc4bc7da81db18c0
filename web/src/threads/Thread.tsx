import { useImperativeHandle, useMemo, useState, type Ref } from 'react'
import { text } from '../app/json.ts'
import type { Session } from '../contracts.ts'
import { ErrorBoundary } from '../controls/ErrorBoundary.tsx'
import { Icon } from '../controls/Icon.tsx'
import { Mark } from '../controls/Mark.tsx'
import { loadOlder, type Conversation } from '../messages/conversations.ts'
import type { Outgoing } from '../messages/outbox.ts'
import { RequestCard } from '../permissions/RequestCard.tsx'
import { agentLabel } from '../sessions/agents.ts'
import type { OpenRequest } from '../sessions/agentState.ts'
import { Announcer } from './Announcer.tsx'
import { unseen, type ThreadItem } from './items.ts'
import { OutgoingMessage } from './OutgoingMessage.tsx'
import { ThreadRow } from './ThreadRow.tsx'
import { useAnchor } from './useAnchor.ts'

export interface ThreadHandle {
  toEnd(): void
}

interface Props {
  readonly ref: Ref<ThreadHandle>
  readonly session: Session
  readonly items: readonly ThreadItem[]
  readonly asked: readonly OpenRequest[]
  readonly outgoing: readonly Outgoing[]
  readonly conversation: Conversation
}

/** The conversation: it opens at its end and stays there, until the reader goes up. */
export function Thread({ ref, session, items, asked, outgoing, conversation }: Props) {
  const { window, loaded, loadingOlder, warning } = conversation
  const [lastSeen, setLastSeen] = useState<string | null>(null)
  const anchor = useAnchor({
    hasOlder: window.hasOlder && loaded,
    loadOlder: () => loadOlder(session.id),
    onLeave: () => setLastSeen(items.at(-1)?.id ?? null),
    onReturn: () => setLastSeen(null),
  })
  useImperativeHandle(ref, () => ({ toEnd: () => anchor.toEnd() }), [anchor])
  const below = useMemo(() => unseen(items, lastSeen), [items, lastSeen])
  const { agentState } = session
  const modes = session.availableModes ?? []

  return (
    <div className="thread-frame">
      <div className="thread" ref={anchor.scroller} data-testid="thread" role="log" aria-label="Conversation" aria-live="off">
        <div className="thread-content" ref={anchor.content}>
          {window.hasOlder && (
            <div className="thread-older" role="status">
              {loadingOlder ? <span className="spinner" role="img" aria-label="Loading older messages" /> : <span className="hint">Older messages</span>}
            </div>
          )}
          {warning && (
            <p className="hint thread-warning" role="status">
              What you see may be old: {warning}
            </p>
          )}
          {!loaded && items.length === 0 && !warning && <p className="thread-opening hint">Opening…</p>}
          {loaded && items.length === 0 && outgoing.length === 0 && asked.length === 0 && <Beginning session={session} />}
          {items.map(item => (
            <div key={item.id} className="thread-row" data-row={item.id}>
              <ErrorBoundary fallback={() => <p className="hint">This part cannot be shown.</p>}>
                <ThreadRow item={item} agentState={item.kind === 'block' ? null : agentState} />
              </ErrorBoundary>
            </div>
          ))}
          {outgoing.map(entry => (
            <div key={`user:${entry.localId}`} className="thread-row" data-row={`user:${entry.localId}`}>
              <OutgoingMessage entry={entry} />
            </div>
          ))}
          {asked.map(request => (
            <div key={request.id} className="thread-row">
              <RequestCard sessionId={session.id} asked={request} modes={modes} mode={session.permissionMode ?? null} />
            </div>
          ))}
          {session.thinking && asked.length === 0 && !items.some(isLive) && (
            <p className="thread-working hint">
              <span className="dots" aria-hidden="true">
                <i />
                <i />
                <i />
              </span>
              <span className="hidden-text">The agent is working</span>
            </p>
          )}
        </div>
      </div>
      {!anchor.atEnd && (
        <button type="button" className={asked.length > 0 ? 'pill pill-need' : 'pill'} onClick={anchor.toEnd} data-testid="to-end">
          {asked.length > 0 ? 'Waiting for your answer' : below > 0 ? `${below} new` : <span className="hidden-text">To the end</span>}
          <Icon name="arrowDown" size={16} />
        </button>
      )}
      <Announcer items={items} asked={asked} thinking={session.thinking} />
    </div>
  )
}

function Beginning({ session }: { session: Session }) {
  return (
    <div className="thread-beginning">
      <Mark size={44} />
      <h2>{agentLabel(text(session.metadata, 'flavor'))} is ready</h2>
      <p className="hint">{text(session.metadata, 'path')}</p>
    </div>
  )
}

function isLive(item: ThreadItem): boolean {
  return item.kind === 'block' && (item.block.kind === 'text' || item.block.kind === 'reasoning') && item.block.live
}
