import { useEffect, useState } from 'react'
import { streamState } from '../app/liveFeed.ts'
import { useStore } from '../app/store.ts'
import { Icon } from '../controls/Icon.tsx'
import './notices.css'

const grace = 4_000

/** Says that the live connection is gone, and why; a gap that is over soon is nobody's business. */
export function ConnectionBanner() {
  const state = useStore(streamState)
  const late = useLate(state.status !== 'open', state.since)
  if (!late) return null
  const offline = !navigator.onLine
  return (
    <div className="connection" role="status">
      <Icon name={offline ? 'plug' : 'refresh'} size={16} />
      <span>{offline ? 'You are offline. What you send waits here.' : `Reconnecting… ${state.cause ?? ''}`}</span>
    </div>
  )
}

function useLate(gone: boolean, since: number): boolean {
  const [late, setLate] = useState(false)
  useEffect(() => {
    if (!gone) {
      setLate(false)
      return
    }
    const timer = setTimeout(() => setLate(true), Math.max(0, since + grace - Date.now()))
    return () => clearTimeout(timer)
  }, [gone, since])
  return late && gone
}
