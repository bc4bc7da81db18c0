import { giveBack } from '../composers/drafts.ts'
import { useReopenAndSend } from '../composers/useReopenAndSend.ts'
import { Icon } from '../controls/Icon.tsx'
import { Markdown } from '../markdown/Markdown.tsx'
import { outbox, type Outgoing } from '../messages/outbox.ts'
import { toast } from '../notices/toasts.ts'

const words = { sending: 'Sending…', waiting: 'Waits for a connection', sent: 'Sent', failed: 'Not sent', held: 'Goes when the session is back' } as const

/** A message that the hub has not shown yet. */
export function OutgoingMessage({ entry }: { entry: Outgoing }) {
  const edit = () => {
    if (giveBack(entry.sessionId, entry.text)) outbox.remove(entry.localId)
    else toast('Send or clear what you are writing first.')
  }
  const reopenAndSend = useReopenAndSend(entry.sessionId)
  const reopen = () => {
    outbox.holdAgain(entry.localId)
    reopenAndSend()
  }
  const stuck = entry.state === 'failed' || entry.state === 'waiting'
  return (
    <div className={`user user-${entry.state}`} data-testid="user-message">
      <div className="bubble">
        <Markdown text={entry.text} />
      </div>
      <p className={entry.state === 'failed' ? 'delivery delivery-failed' : 'delivery'} role={entry.state === 'failed' ? 'alert' : undefined} data-testid="delivery">
        <Icon name={entry.state === 'failed' ? 'alert' : 'clock'} size={14} />
        <span>{entry.state === 'failed' ? (entry.problem ?? words.failed) : entry.pending ? 'Kept by the hub until the session is back' : words[entry.state]}</span>
        {entry.ended ? (
          <button type="button" data-testid="outgoing-reopen" onClick={reopen}>
            Reopen and send
          </button>
        ) : (
          stuck && (
            <button type="button" data-testid="outgoing-retry" onClick={() => outbox.retry(entry.localId)}>
              Try again
            </button>
          )
        )}
        {stuck && (
          <button type="button" data-testid="outgoing-edit" onClick={edit}>
            Edit
          </button>
        )}
      </p>
    </div>
  )
}
