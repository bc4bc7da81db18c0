import { useState } from 'react'
import type { CancelResponse, ChatMessage } from '../contracts.ts'
import { object, text } from '../app/json.ts'
import { Icon } from '../controls/Icon.tsx'
import { request, sessionPath } from '../hub/request.ts'
import { catchUp } from '../messages/conversations.ts'
import { retryMessage } from '../messages/retry.ts'
import { outbox, type Outgoing } from '../messages/outbox.ts'
import { toast, toastError } from '../notices/toasts.ts'
import { giveBack, readDraft } from './drafts.ts'

interface Props {
  readonly sessionId: string
  readonly rows: readonly ChatMessage[]
  readonly outgoing: readonly Outgoing[]
}

/** Messages that wait for the agent to finish, in their order. Each can be taken back. */
export function QueueBar({ sessionId, rows, outgoing }: Props) {
  if (rows.length + outgoing.length === 0) return null
  return (
    <section className="queue" aria-label="Queued messages">
      <h2>Next</h2>
      <ol>
        {rows.map(row => (
          <Queued key={row.id} sessionId={sessionId} row={row} />
        ))}
        {outgoing.map(entry => (
          <li key={entry.localId} data-testid="queue-item">
            <span className="queue-said">
              <span className="queue-text">{entry.text}</span>
              <span className="hint">{stateWords(entry)}</span>
            </span>
            {entry.state !== 'sent' && (
              <button type="button" className="round" aria-label="Take back" onClick={() => (outbox.remove(entry.localId), giveBack(sessionId, entry.text))}>
                <Icon name="cross" size={18} />
              </button>
            )}
          </li>
        ))}
      </ol>
    </section>
  )
}

function Queued({ sessionId, row }: { sessionId: string; row: ChatMessage }) {
  const [busy, setBusy] = useState(false)
  const said = textOf(row)
  const unsure = row.deliveryState === 'indeterminate'

  const takeBack = async (edit: boolean) => {
    if (edit && readDraft(sessionId).trim() !== '') {
      toast('Send or clear what you are writing first.')
      return
    }
    setBusy(true)
    try {
      const answer = await request<CancelResponse>('DELETE', sessionPath(sessionId, `/messages/${encodeURIComponent(row.id)}`))
      if (answer.status === 'cancelled' && edit) giveBack(sessionId, said)
      if (answer.status === 'invoked') toast('Too late: the agent has it.')
      if (answer.status === 'busy') toast('The agent is taking it just now.')
      await catchUp(sessionId)
    } catch (error) {
      toastError('Not taken back.', error)
    } finally {
      setBusy(false)
    }
  }

  const retry = async () => {
    setBusy(true)
    try {
      const told = await retryMessage(sessionId, row)
      if (told) toast(told)
    } catch (error) {
      toastError('Not sent again.', error)
    } finally {
      setBusy(false)
    }
  }

  return (
    <li data-testid="queue-item" aria-busy={busy}>
      <span className="queue-said">
        <span className="queue-text">{said}</span>
        {unsure && <span className="hint">Nobody can tell whether the agent got this</span>}
      </span>
      {unsure && (
        <button type="button" className="round" aria-label="Send again" data-testid="queue-retry" disabled={busy} onClick={() => void retry()}>
          <Icon name="refresh" size={18} />
        </button>
      )}
      <button type="button" className="round" aria-label="Edit" data-testid="queue-edit" disabled={busy} onClick={() => void takeBack(true)}>
        <Icon name="edit" size={18} />
      </button>
      <button type="button" className="round" aria-label="Cancel" data-testid="queue-cancel" disabled={busy} onClick={() => void takeBack(false)}>
        <Icon name="cross" size={18} />
      </button>
    </li>
  )
}

function stateWords({ state, problem }: Outgoing): string {
  if (state === 'failed') return problem ?? 'Not sent'
  if (state === 'held') return 'Goes when the session is back'
  return state === 'waiting' ? 'Waits for a connection' : 'Sending…'
}

function textOf(row: ChatMessage): string {
  const content = object(row.content)?.['content']
  return typeof content === 'string' ? content : (text(content, 'text') ?? '')
}
