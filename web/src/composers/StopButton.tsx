import { useEffect, useState } from 'react'
import type { Done, Session } from '../contracts.ts'
import { Icon } from '../controls/Icon.tsx'
import { request, sessionPath } from '../hub/request.ts'
import { toast, toastError } from '../notices/toasts.ts'

/** Ends the running turn. Always in the same place; it can be pressed while something runs. */
export function StopButton({ session }: { session: Session }) {
  const [stopping, setStopping] = useState(false)
  useEffect(() => {
    if (!session.thinking) setStopping(false)
  }, [session.thinking])

  const stop = () => {
    setStopping(true)
    request<Done>('POST', sessionPath(session.id, '/abort')).then(
      done => {
        if (done.delivery === 'pending') toast('The session is out of reach. It is told to stop when it is back.')
      },
      (error: unknown) => {
        setStopping(false)
        toastError('Not stopped.', error)
      },
    )
  }
  return (
    <button type="button" className="composer-stop" data-testid="composer-stop" aria-label={stopping ? 'Stopping' : 'Stop the agent'} aria-busy={stopping} disabled={!session.thinking || stopping} onClick={stop}>
      {stopping && session.thinking ? <span className="spinner" /> : <Icon name="stop" />}
    </button>
  )
}
