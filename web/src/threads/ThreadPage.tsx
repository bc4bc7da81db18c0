import { useEffect, useMemo, useRef } from 'react'
import { Link } from 'wouter'
import { text } from '../app/json.ts'
import { showConversation } from '../app/liveFeed.ts'
import { useStore } from '../app/store.ts'
import { emptyTimeline, extend, type Timeline } from '../blocks/timeline.ts'
import { Composer } from '../composers/Composer.tsx'
import { QueueBar } from '../composers/QueueBar.tsx'
import type { Session } from '../contracts.ts'
import { Icon } from '../controls/Icon.tsx'
import { HubError, messageOf } from '../hub/errors.ts'
import { catchUp, conversation } from '../messages/conversations.ts'
import { outbox, type Outgoing } from '../messages/outbox.ts'
import { openRequests } from '../sessions/agentState.ts'
import { hasEnded } from '../sessions/endings.ts'
import { useSession } from '../sessions/queries.ts'
import { forgetFailed, reopenings } from '../sessions/reopening.ts'
import { Ended } from './Ended.tsx'
import { divide, itemsOf, withLiveText } from './items.ts'
import { SessionIdContext } from './sessionContext.ts'
import { Steps } from './Steps.tsx'
import { Thread, type ThreadHandle } from './Thread.tsx'
import { ThreadHeader } from './ThreadHeader.tsx'
import './thread.css'

export default function ThreadPage({ id }: { id: string }) {
  const { data: session, error, refetch } = useSession(id)
  useEffect(() => {
    showConversation(id)
    void catchUp(id)
    return () => showConversation(null)
  }, [id])
  if (session) return <Opened session={session} />
  return (
    <main className="thread-page" aria-label="Session">
      <header className="thread-head">
        <Link href="/" className="round back" aria-label="Back to the sessions">
          <Icon name="back" />
        </Link>
      </header>
      {error && (
        <div className="thread-missing" role="alert">
          <p>{error instanceof HubError && error.status === 404 ? 'This session does not exist any more.' : messageOf(error)}</p>
          <button type="button" className="button" onClick={() => void refetch()}>
            Try again
          </button>
        </div>
      )}
    </main>
  )
}

function Opened({ session }: { session: Session }) {
  const { id, agentState } = session
  const state = useStore(conversation(id))
  const allOutgoing = useStore(outbox.store)
  const handle = useRef<ThreadHandle>(null)

  const divided = useMemo(() => divide(state.window.rows, session), [state.window.rows, session])
  const timeline = useTimeline(divided.thread)
  const asked = useMemo(() => openRequests(agentState), [agentState])
  const askedIds = useMemo(() => new Set(asked.map(request => request.id)), [asked])
  const live = session.thinking || session.liveness?.state !== 'connected' ? state.window.live : noStreams
  const items = useMemo(() => itemsOf(withLiveText(timeline, live), askedIds), [timeline, live, askedIds])
  const known = useMemo(() => new Set(state.window.rows.map(row => row.localId)), [state.window.rows])
  const outgoing = useMemo(() => allOutgoing.filter(entry => entry.sessionId === id && !known.has(entry.localId)), [allOutgoing, id, known])
  const reopening = useStore(reopenings).get(id)
  const connected = session.active && session.liveness?.state === 'connected'
  // While it is brought back it is neither over nor there: what is written meanwhile waits with the rest.
  const ended = hasEnded(session, text(session.metadata, 'lifecycleState')) || (reopening?.error === null && !connected)
  useEffect(() => {
    if (connected) forgetFailed(id)
  }, [id, connected])

  // What a session that is over did not take stands in the thread, where it can be sent again.
  const queued = (entry: Outgoing) => entry.queued && !entry.ended && !ended

  return (
    <main className="thread-page" aria-label="Session">
      <ThreadHeader session={session} usage={timeline.usage} pending={asked.length} />
      <SessionIdContext value={id}>
        <Thread ref={handle} session={session} items={items} asked={asked} outgoing={outgoing.filter(entry => !queued(entry))} conversation={state} />
      </SessionIdContext>
      <footer className="thread-foot">
        <Steps todos={session.todos} />
        <QueueBar sessionId={id} rows={divided.queue} outgoing={outgoing.filter(queued)} />
        {ended && <Ended session={session} />}
        <Composer session={session} ended={ended} onSent={() => handle.current?.toEnd()} />
      </footer>
    </main>
  )
}

const noStreams = [] as const

// The timeline grows from the one before, so it is kept beside the render rather than made anew.
function useTimeline(rows: Parameters<typeof extend>[1]): Timeline {
  const before = useRef(emptyTimeline)
  return useMemo(() => (before.current = extend(before.current, rows)), [rows])
}
