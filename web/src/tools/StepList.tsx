import type { PlanStep } from '../blocks/block.ts'
import { Icon } from '../controls/Icon.tsx'
import './tools.css'

const words = { completed: 'Done', in_progress: 'In progress', pending: 'Open' } as const

export function StepList({ steps }: { steps: readonly PlanStep[] }) {
  return (
    <ol className="steps">
      {steps.map((step, i) => (
        <li key={i} className={`step step-${step.status}`}>
          <span className="step-mark" role="img" aria-label={words[step.status]}>
            {step.status === 'completed' ? <Icon name="check" size={14} /> : step.status === 'in_progress' ? <span className="spinner" /> : null}
          </span>
          <span>{step.content}</span>
        </li>
      ))}
    </ol>
  )
}
