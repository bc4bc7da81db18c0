import './statusMark.css'

/** What a session is doing, in one word. Each has a shape of its own: nobody has to tell colours apart. */
export type Status = 'needs-you' | 'working' | 'idle' | 'unreachable' | 'interrupted' | 'ended'

export const statusWords: Readonly<Record<Status, string>> = {
  'needs-you': 'Needs you',
  working: 'Working',
  idle: 'Idle',
  unreachable: 'Out of reach',
  interrupted: 'Interrupted',
  ended: 'Ended',
}

export function StatusMark({ status }: { status: Status }) {
  return (
    <svg className={`status-mark status-${status}`} width="16" height="16" viewBox="0 0 16 16" role="img" aria-label={statusWords[status]}>
      {status === 'needs-you' && (
        <>
          <path className="fill" d="M8 .8 15.200 8 8 15.200 .8 8z" />
          <path className="hole" d="M8 4.600v4M8 11.200h.01" />
        </>
      )}
      {status === 'working' && (
        <>
          <circle className="faint" cx="8" cy="8" r="5.600" />
          <path className="arc" d="M8 2.400a5.600 5.600 0 0 1 5.600 5.600" />
        </>
      )}
      {status === 'idle' && <circle className="ring" cx="8" cy="8" r="4.600" />}
      {status === 'unreachable' && (
        <>
          <circle className="dashed" cx="8" cy="8" r="5.200" />
          <path className="ring" d="M5.800 10.200l4.400-4.400" />
        </>
      )}
      {status === 'interrupted' && <path className="ring" d="M6.400 3.800H5.300a1.500 1.500 0 0 0-1.500 1.500v5.400a1.500 1.500 0 0 0 1.500 1.500h1.100M9.600 3.800h1.100a1.500 1.500 0 0 1 1.500 1.500v5.400a1.500 1.500 0 0 1-1.500 1.500H9.600" />}
      {status === 'ended' && <rect className="fill" x="4.500" y="4.500" width="7" height="7" rx="1.500" />}
    </svg>
  )
}
