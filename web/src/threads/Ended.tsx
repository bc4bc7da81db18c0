import { useSeconds } from '../app/clock.ts'
import { text } from '../app/json.ts'
import { useStore } from '../app/store.ts'
import { useReopenAndSend } from '../composers/useReopenAndSend.ts'
import type { Session } from '../contracts.ts'
import { Icon } from '../controls/Icon.tsx'
import { agentLabel } from '../sessions/agents.ts'
import { endingOf, reopenErrorOf } from '../sessions/endings.ts'
import { reopenings, reopenProblem, type Reopening } from '../sessions/reopening.ts'

/** Why a session is over, and the way back. */
export function Ended({ session }: { session: Session }) {
  const reopen = useReopenAndSend(session.id)
  const reopening = useStore(reopenings).get(session.id)
  const ending = endingOf(session.interrupted, session.metadata)
  const host = text(session.metadata, 'host')
  if (reopening?.error === null) return <Running reopening={reopening} session={session} />

  const before = reopenErrorOf(session.metadata)
  const problem = reopening ? reopenProblem(reopening.error, host) : before ? { what: before, todo: null } : null
  return (
    <section className={`ended ended-${ending.kind}`} aria-label="How this session ended" data-testid="ended">
      <p>
        <strong data-testid="ended-word">{ending.word}</strong>
        {ending.why && <span data-testid="ended-why">{ending.why}</span>}
      </p>
      <button type="button" className="button" data-testid="reopen" onClick={reopen}>
        <Icon name="refresh" size={18} /> Reopen
      </button>
      {problem && (
        <p className="problem" role="alert" data-testid="reopen-problem">
          <Icon name="alert" />
          <span>
            Not reopened: {problem.what}
            {problem.todo && <span className="ended-todo">{problem.todo}</span>}
          </span>
        </p>
      )}
    </section>
  )
}

const longWait = 10

function Running({ reopening, session }: { reopening: Reopening; session: Session }) {
  const seconds = Math.max(0, Math.floor((useSeconds() - reopening.since) / 1000))
  const host = text(session.metadata, 'host')
  return (
    <section className="ended" aria-label="Reopening" data-testid="reopening">
      <p role="status">
        <span className="spinner" aria-hidden="true" />
        <strong>Reopening…</strong>
        <span>
          {agentLabel(text(session.metadata, 'flavor'))} starts{host ? ` on ${host}` : ''}
        </span>
      </p>
      {seconds >= longWait && <span className="hint">{seconds} s</span>}
    </section>
  )
}
