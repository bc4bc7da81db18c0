import { useEffect, useRef } from 'react'

interface WhyProps {
  readonly value: string
  readonly busy: boolean
  readonly label: string
  readonly action: string
  onChange(value: string): void
  onBack(): void
  onSend(): void
}

/** A no, with what the agent should know about it. */
export function Why({ value, busy, label, action, onChange, onBack, onSend }: WhyProps) {
  const area = useRef<HTMLTextAreaElement>(null)
  // It takes the place of the button that was pressed, and of its focus.
  useEffect(() => area.current?.focus(), [])
  return (
    <div className="request-buttons">
      <label className="request-why">
        <span>{label}</span>
        <textarea ref={area} className="field" data-testid="permission-reason" value={value} maxLength={10_000} onChange={event => onChange(event.target.value)} />
      </label>
      <div className="request-pair">
        <button type="button" className="button button-quiet" disabled={busy} onClick={onBack}>
          Back
        </button>
        <button type="button" className="button button-bad" data-testid="permission-deny" disabled={busy} onClick={onSend}>
          {action}
        </button>
      </div>
    </div>
  )
}
