import { memo, useId, useMemo, useState } from 'react'
import type { ToolBlock } from '../blocks/block.ts'
import { duration } from '../blocks/statusLines.ts'
import type { ClosedRequest } from '../sessions/agentState.ts'
import { useSeconds } from '../app/clock.ts'
import { list, object } from '../app/json.ts'
import { Icon } from '../controls/Icon.tsx'
import { requestKind } from '../permissions/requestKinds.ts'
import { Counts } from './DiffView.tsx'
import { fileChanges } from './fileChanges.ts'
import { countOf, lineDiff } from './lineDiff.ts'
import { present, type Presentation } from './presentation.ts'
import { ToolDetail } from './ToolDetail.tsx'
import './tools.css'

interface Props {
  readonly tool: ToolBlock
  /** How a person answered, when one was asked. */
  readonly answer: ClosedRequest | null
}

/** One call in one line; a press shows what went in and what came out. */
export const ToolRow = memo(function ToolRow({ tool, answer }: Props) {
  const [open, setOpen] = useState(false)
  const detail = useId()
  const { icon, verb, target, literal } = answered(tool.name, answer) ?? present(tool)
  const changes = useMemo(() => fileChanges(tool.input, tool.output), [tool.input, tool.output])
  const counts = useMemo(() => changes.map(change => countOf(lineDiff(change.before ?? '', change.after))), [changes])
  const refused = answer?.status === 'denied' || answer?.status === 'canceled'
  return (
    <div className={`tool tool-${refused ? 'failed' : tool.state}`} data-testid="tool-row">
      <button type="button" className="tool-line" aria-expanded={open} aria-controls={detail} onClick={() => setOpen(!open)}>
        <Icon name={icon} size={18} />
        <span className="tool-what">
          <span className="tool-verb">{verb}</span>
          {target && <span className={literal ? 'tool-target mono' : 'tool-target'}>{target}</span>}
        </span>
        <span className="tool-state">
          {counts.length > 0 && <Counts added={sum(counts, 'added')} removed={sum(counts, 'removed')} />}
          {refused ? (
            <span className="state-failed">{answer.status === 'denied' ? 'Denied' : 'Withdrawn'}</span>
          ) : tool.state === 'running' ? (
            <Running since={tool.at} />
          ) : tool.state === 'failed' ? (
            <span className="state-failed">
              <Icon name="cross" size={15} /> Failed
            </span>
          ) : (
            <span className="state-done">
              <span className="hidden-text">Done{tool.endedAt && tool.endedAt - tool.at > 2_000 ? ` in ${duration(tool.endedAt - tool.at)}` : ''}</span>
              <Icon name="check" size={16} />
            </span>
          )}
        </span>
      </button>
      {answer?.reason && <p className="tool-reason">“{answer.reason}”</p>}
      {open && (
        <div id={detail} className="tool-detail">
          <ToolDetail tool={tool} changes={changes} />
        </div>
      )}
    </div>
  )
})

export function Running({ since }: { since: number }) {
  const now = useSeconds()
  const seconds = Math.floor((now - since) / 1000)
  return (
    <span className="state-running">
      {seconds >= 3 && seconds < 86_400 && <span className="tool-time">{duration(seconds * 1000)}</span>}
      <span className="spinner" role="img" aria-label="Running" />
    </span>
  )
}

// A question is best told by its answer, a plan by what became of it.
function answered(name: string, answer: ClosedRequest | null): Presentation | null {
  if (answer?.status !== 'approved') return null
  switch (requestKind(name)) {
    case 'question': {
      const chosen = Object.values(object(answer.answers) ?? {}).flatMap(value => [...list(value), ...list(object(value)?.['answers'])])
      return { icon: 'question', verb: 'You answered', target: chosen.join(', ') || null, literal: false }
    }
    case 'plan':
      return { icon: 'plan', verb: 'You approved the plan', target: null, literal: false }
    case 'permission':
      return null
  }
}

function sum(counts: readonly { added: number; removed: number }[], key: 'added' | 'removed'): number {
  return counts.reduce((total, count) => total + count[key], 0)
}
