import { useEffect, useState } from 'react'
import { ErrorBoundary } from '../controls/ErrorBoundary.tsx'
import { Icon } from '../controls/Icon.tsx'
import { messageOf } from '../hub/errors.ts'
import { deny, type AnswerOutcome } from './answers.ts'
import { PermissionCard } from './PermissionCard.tsx'
import { PlanCard } from './PlanCard.tsx'
import { QuestionCard } from './QuestionCard.tsx'
import { RequestHead } from './RequestHead.tsx'
import { requestKind } from './requestKinds.ts'
import type { RequestProps } from './requestProps.ts'
import './requests.css'

const cards = { permission: PermissionCard, question: QuestionCard, plan: PlanCard } as const

/** One thing that the agent waits for. It closes by itself when it is answered, here or elsewhere. */
export function RequestCard({ sessionId, asked, modes, mode }: Omit<RequestProps, 'busy' | 'answer'>) {
  const [busy, setBusy] = useState(false)
  const [sent, setSent] = useState<string | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const [late, setLate] = useState(false)

  useEffect(() => {
    if (sent === null) return
    const timer = setTimeout(() => setLate(true), 1_500)
    return () => clearTimeout(timer)
  }, [sent])

  const answer = (deed: () => Promise<AnswerOutcome>) => {
    setBusy(true)
    setProblem(null)
    deed().then(
      outcome => {
        if (outcome.kind === 'answered-before') setSent(`Already ${outcome.how}.`)
        else setSent(outcome.pending ? 'Your answer is kept and goes to the agent when it is back.' : 'Answered. Waiting for the agent…')
      },
      (error: unknown) => {
        setProblem(messageOf(error))
        setBusy(false)
      },
    )
  }

  const Card = cards[requestKind(asked.tool)]
  const props: RequestProps = { sessionId, asked, modes, mode, busy, answer }
  return (
    <section className="request" data-testid="permission-card" aria-busy={busy}>
      <ErrorBoundary fallback={() => <Plain {...props} />}>
        <Card {...props} />
      </ErrorBoundary>
      {sent !== null && late && (
        <p className="hint request-sent" role="status">
          {sent}
        </p>
      )}
      {problem !== null && (
        <p className="problem" role="alert">
          <Icon name="alert" />
          <span>{problem}</span>
        </p>
      )}
    </section>
  )
}

// The card itself has failed; the person must still be able to say no.
function Plain({ asked, sessionId, busy, answer }: RequestProps) {
  return (
    <>
      <RequestHead title={`The agent wants to use ${asked.tool}`} />
      <p className="hint">What it asks cannot be shown here.</p>
      <button type="button" className="button" disabled={busy} onClick={() => answer(() => deny(sessionId, asked.id, {}))}>
        Deny
      </button>
    </>
  )
}
