import { useState } from 'react'
import { pretty, text } from '../app/json.ts'
import { Markdown } from '../markdown/Markdown.tsx'
import { approve, deny } from './answers.ts'
import { RequestHead } from './RequestHead.tsx'
import type { RequestProps } from './requestProps.ts'
import { Why } from './Why.tsx'

/** A plan to approve: with the mode in which the agent goes on, or a word on what is missing. */
export function PlanCard({ sessionId, asked, modes, mode, busy, answer }: RequestProps) {
  const [why, setWhy] = useState<string | null>(null)
  // Going on in the mode that only plans would be no approval.
  const next = modes.filter(option => option.id !== 'plan')
  const [chosen, setChosen] = useState<string | null>(next.find(option => option.id === mode)?.id ?? next[0]?.id ?? null)
  const plan = text(asked.input, 'plan', 'content', 'markdown') ?? pretty(asked.input)
  return (
    <>
      <RequestHead title="Approve this plan?" />
      <div className="request-plan">
        <Markdown text={plan} />
      </div>
      {why !== null ? (
        <Why value={why} busy={busy} label="What is missing?" action="Keep planning" onChange={setWhy} onBack={() => setWhy(null)} onSend={() => answer(() => deny(sessionId, asked.id, { reason: why.trim() || null }))} />
      ) : (
        <div className="request-buttons">
          {next.length > 1 && (
            <fieldset className="request-modes">
              <legend>Then go on in</legend>
              {next.map(option => (
                <label key={option.id} className="chip-choice">
                  <input type="radio" name={`mode-${asked.id}`} checked={chosen === option.id} onChange={() => setChosen(option.id)} />
                  <span>{option.label}</span>
                </label>
              ))}
            </fieldset>
          )}
          <button
            type="button"
            className="button button-main"
            data-testid="permission-allow"
            disabled={busy}
            onClick={() => answer(() => approve(sessionId, asked.id, chosen !== null && modes.length > 0 ? { mode: chosen } : {}))}
          >
            Approve
          </button>
          <button type="button" className="button" data-testid="plan-reject" disabled={busy} onClick={() => setWhy('')}>
            Not yet: say what is missing…
          </button>
        </div>
      )}
    </>
  )
}
