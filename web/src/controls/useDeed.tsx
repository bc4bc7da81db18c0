import { useState, type ReactNode } from 'react'
import { messageOf } from '../hub/errors.ts'
import { Icon } from './Icon.tsx'

interface Deed {
  readonly busy: boolean
  /** Why it failed, to be shown where it was asked for. */
  readonly problem: ReactNode
  run(deed: () => Promise<unknown>): void
}

/** One thing a person asks for: busy while it goes on, told when it fails, `done` when it has worked. */
export function useDeed(done: () => void): Deed {
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const run = (deed: () => Promise<unknown>) => {
    setBusy(true)
    setError(null)
    deed().then(
      () => {
        setBusy(false)
        done()
      },
      (failed: unknown) => {
        setError(failed)
        setBusy(false)
      },
    )
  }
  const problem =
    error === null ? null : (
      <p className="problem" role="alert">
        <Icon name="alert" />
        <span>{messageOf(error)}</span>
      </p>
    )
  return { busy, problem, run }
}
