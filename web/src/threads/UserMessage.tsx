import { useState } from 'react'
import type { UserBlock } from '../blocks/block.ts'
import { Icon } from '../controls/Icon.tsx'
import { giveBack } from '../composers/drafts.ts'
import { Markdown } from '../markdown/Markdown.tsx'
import { retryMessage } from '../messages/retry.ts'
import { toast, toastError } from '../notices/toasts.ts'
import { useSessionId } from './sessionContext.ts'
import { deliveryLine } from './deliveries.ts'

/** What a person said, and how far it has come. */
export function UserMessage({ block }: { block: UserBlock }) {
  const sessionId = useSessionId()
  const line = deliveryLine(block.row)
  const [busy, setBusy] = useState(false)
  const retry = async () => {
    if (!sessionId) return
    setBusy(true)
    try {
      const told = await retryMessage(sessionId, block.row)
      if (told) toast(told)
    } catch (error) {
      toastError('Not sent again.', error)
    } finally {
      setBusy(false)
    }
  }
  const again = () => {
    if (!sessionId || !giveBack(sessionId, block.text)) toast('Send or clear what you are writing first.')
  }
  return (
    <div className="user" data-testid="user-message">
      <div className="bubble">
        {block.files.map(file => (
          <span key={file} className="bubble-file">
            <Icon name="file" size={16} /> {file}
          </span>
        ))}
        <Markdown text={block.text} />
      </div>
      {line && (
        <p className={line.failed ? 'delivery delivery-failed' : 'delivery'} role={line.failed ? 'alert' : undefined} data-testid="delivery">
          <Icon name={line.failed ? 'alert' : 'clock'} size={14} />
          <span>{line.text}</span>
          {line.unsure && (
            <button type="button" data-testid="message-retry" disabled={busy} onClick={() => void retry()}>
              Send again
            </button>
          )}
          {line.failed && !line.unsure && (
            <button type="button" onClick={again}>
              Write again
            </button>
          )}
        </p>
      )}
    </div>
  )
}
