import { toast } from '../notices/toasts.ts'
import { Sheet } from './Sheet.tsx'
import { useDeed } from './useDeed.tsx'

interface Props {
  readonly title: string
  readonly about: string
  readonly action: string
  /** What is said when it has worked. */
  readonly told: string
  deed(): Promise<unknown>
  onDone?(): void
  onClose(): void
}

/** Asks once more before something that cannot be taken back. */
export function Confirm({ title, about, action, told, deed, onDone, onClose }: Props) {
  const { busy, problem, run } = useDeed(() => {
    toast(told)
    onClose()
    onDone?.()
  })
  return (
    <Sheet title={title} onClose={onClose}>
      <div className="menu-form">
        <p className="hint">{about}</p>
        {problem}
        <button type="button" className="button button-bad" data-testid="menu-confirm" disabled={busy} onClick={() => run(deed)}>
          {action}
        </button>
        <button type="button" className="button button-quiet" onClick={onClose}>
          Cancel
        </button>
      </div>
    </Sheet>
  )
}
