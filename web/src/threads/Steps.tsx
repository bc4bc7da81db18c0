import { useMemo, useState } from 'react'
import { readSteps } from '../blocks/genericFamily.ts'
import { Icon } from '../controls/Icon.tsx'
import { StepList } from '../tools/StepList.tsx'

/** What the agent means to do, one line high: how far it is and what is next. */
export function Steps({ todos }: { todos: unknown }) {
  const steps = useMemo(() => readSteps(todos), [todos])
  const [open, setOpen] = useState(false)
  const done = steps.filter(step => step.status === 'completed').length
  if (steps.length === 0 || done === steps.length) return null
  const now = steps.find(step => step.status === 'in_progress') ?? steps.find(step => step.status === 'pending')
  return (
    <section className="strip" aria-label="Steps">
      <button type="button" className="strip-line" aria-expanded={open} data-testid="steps" onClick={() => setOpen(!open)}>
        <Icon name="plan" size={18} />
        <span className="strip-count">
          {done}/{steps.length}
        </span>
        <span className="strip-now">{now?.content}</span>
        <Icon name={open ? 'down' : 'chevron'} size={16} />
      </button>
      {open && (
        <div className="strip-body">
          <StepList steps={steps} />
        </div>
      )}
    </section>
  )
}
