import { lazy, Suspense, useState, type FormEvent } from 'react'
import { useLocation } from 'wouter'
import { text } from '../app/json.ts'
import type { Usage } from '../blocks/block.ts'
import type { Done, Session } from '../contracts.ts'
import { Confirm } from '../controls/Confirm.tsx'
import { Icon } from '../controls/Icon.tsx'
import { Sheet } from '../controls/Sheet.tsx'
import { useDeed } from '../controls/useDeed.tsx'
import { request, sessionPath } from '../hub/request.ts'
import { agentLabel } from './agents.ts'
import { hasEnded } from './endings.ts'
import './menu.css'
import './settings.css'

const HistorySheet = lazy(() => import('../histories/HistorySheet.tsx'))

interface Props {
  readonly session: Session
  readonly title: string
  readonly usage: Usage | null
  onClose(): void
}

type Page = 'menu' | 'rename' | 'history' | 'archive' | 'delete'

/** What a person can do with a session, and what there is to know of it. */
export function SessionMenu({ session, title, usage, onClose }: Props) {
  const [page, setPage] = useState<Page>('menu')
  const [, navigate] = useLocation()
  const ended = hasEnded(session, text(session.metadata, 'lifecycleState'))
  if (page === 'rename') return <Rename session={session} title={title} onClose={onClose} />
  if (page === 'history')
    return (
      <Suspense fallback={null}>
        <HistorySheet sessionId={session.id} onClose={onClose} />
      </Suspense>
    )
  if (page === 'archive')
    return <Confirm title="End this session?" about="The agent stops, whatever it is doing. The conversation stays and can be read." action="Archive" deed={() => request<Done>('POST', sessionPath(session.id, '/archive'))} told="The session is archived." onClose={onClose} />
  if (page === 'delete')
    return <Confirm title="Delete this session?" about="The conversation is gone for good. The agent’s files stay as they are." action="Delete" deed={() => request<Done>('DELETE', sessionPath(session.id))} told="The session is deleted." onDone={() => navigate('/', { replace: true })} onClose={onClose} />
  return (
    <Sheet title={title} onClose={onClose}>
      <Facts session={session} usage={usage} />
      <button type="button" className="menu-item" data-testid="menu-rename" onClick={() => setPage('rename')}>
        <Icon name="edit" /> Rename
      </button>
      <button type="button" className="menu-item" data-testid="menu-history" onClick={() => setPage('history')}>
        <Icon name="history" /> History
      </button>
      {!ended && (
        <button type="button" className="menu-item menu-item-bad" data-testid="menu-archive" onClick={() => setPage('archive')}>
          <Icon name="archive" /> Archive
        </button>
      )}
      {ended && (
        <button type="button" className="menu-item menu-item-bad" data-testid="menu-delete" onClick={() => setPage('delete')}>
          <Icon name="cross" /> Delete
        </button>
      )}
    </Sheet>
  )
}

function Facts({ session, usage }: { session: Session; usage: Usage | null }) {
  const { metadata } = session
  const facts: [string, string | null][] = [
    ['Agent', agentLabel(text(metadata, 'flavor'))],
    ['Folder', text(metadata, 'path')],
    ['Machine', text(metadata, 'host')],
    ['Model', session.model ?? usage?.model ?? null],
    ['Context', usage ? contextOf(usage) : null],
    ['Started', new Date(session.createdAt).toLocaleString([], { dateStyle: 'medium', timeStyle: 'short' })],
  ]
  return (
    <dl className="facts">
      {facts.map(([name, value]) =>
        value ? (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ) : null,
      )}
      {usage?.contextWindow ? <meter className="context" min={0} max={usage.contextWindow} high={usage.contextWindow * 0.9} low={usage.contextWindow * 0.7} optimum={0} value={usage.contextTokens} aria-label="Context used" /> : null}
    </dl>
  )
}

function contextOf(usage: Usage): string {
  const used = `${Math.round(usage.contextTokens / 100) / 10} k tokens`
  return usage.contextWindow ? `${used} of ${Math.round(usage.contextWindow / 1000)} k (${Math.round((usage.contextTokens / usage.contextWindow) * 100)} %)` : used
}

function Rename({ session, title, onClose }: { session: Session; title: string; onClose: () => void }) {
  const [name, setName] = useState(title)
  const { busy, problem, run } = useDeed(onClose)
  const save = (event: FormEvent) => {
    event.preventDefault()
    if (name.trim() !== '') run(() => request<Done>('PATCH', sessionPath(session.id), { name: name.trim() }))
  }
  return (
    <Sheet title="Rename" onClose={onClose}>
      <form className="menu-form" onSubmit={save}>
        <input className="field" data-testid="rename-input" aria-label="Name of the session" value={name} maxLength={255} onChange={event => setName(event.target.value)} onFocus={event => event.target.select()} />
        {problem}
        <button type="submit" className="button button-main" data-testid="rename-save" disabled={busy || name.trim() === ''}>
          Save
        </button>
      </form>
    </Sheet>
  )
}
