import { useEffect, useState } from 'react'
import type { Done, Session } from '../contracts.ts'
import { Icon } from '../controls/Icon.tsx'
import { Sheet } from '../controls/Sheet.tsx'
import { request, sessionPath } from '../hub/request.ts'
import { toast, toastError } from '../notices/toasts.ts'
import '../sessions/settings.css'

/** What can be set of a session: only what the session itself offers. */
export function ConfigChips({ session }: { session: Session }) {
  const modes = session.availableModes ?? []
  const models = session.availableModels ?? []
  return (
    <div className="config">
      {modes.length > 1 && <Chip session={session} label="Mode" path="/permission-mode" name="mode" options={modes} value={session.permissionMode ?? null} />}
      {models.length > 1 && <Chip session={session} label="Model" path="/model" name="model" options={models} value={session.model} />}
    </div>
  )
}

interface ChipProps {
  readonly session: Session
  readonly label: string
  readonly path: string
  readonly name: string
  readonly options: readonly { readonly id: string; readonly label: string; readonly tone?: string }[]
  readonly value: string | null
}

const patience = 8_000

function Chip({ session, label, path, name, options, value }: ChipProps) {
  const [open, setOpen] = useState(false)
  const [wanted, setWanted] = useState<string | null>(null)
  useEffect(() => setWanted(null), [value])
  useEffect(() => {
    // The agent may refuse, or be set to something else: then the chip goes back to what is true.
    if (wanted === null) return
    const timer = setTimeout(() => setWanted(null), patience)
    return () => clearTimeout(timer)
  }, [wanted])

  const choose = (id: string) => {
    setOpen(false)
    if (id === value) return
    setWanted(id)
    request<Done>('POST', sessionPath(session.id, path), { [name]: id }).then(
      done => {
        if (done.delivery === 'pending') toast(`${label} changes when the session is back.`)
      },
      (error: unknown) => {
        setWanted(null)
        toastError(`${label} not changed.`, error)
      },
    )
  }

  const shown = options.find(option => option.id === (wanted ?? value))
  return (
    <>
      <button type="button" className={`chip chip-${shown?.tone ?? 'neutral'}`} aria-haspopup="dialog" aria-busy={wanted !== null} data-testid={`config-${name}`} onClick={() => setOpen(true)}>
        <span className="hidden-text">{label}: </span>
        <span className="chip-text">{shown?.label ?? value ?? label}</span>
        {wanted !== null ? <span className="spinner" role="img" aria-label="Changing" /> : <Icon name="down" size={15} />}
      </button>
      {open && (
        <Sheet title={label} onClose={() => setOpen(false)}>
          <div className="choices" role="radiogroup" aria-label={label}>
            {options.map(option => (
              <label key={option.id} className="choice">
                <input type="radio" name={name} checked={option.id === (wanted ?? value)} onChange={() => choose(option.id)} />
                <span>{option.label}</span>
              </label>
            ))}
          </div>
        </Sheet>
      )}
    </>
  )
}
