import { text } from '../app/json.ts'
import { readDraft } from '../composers/drafts.ts'
import type { Session } from '../contracts.ts'

/** Why nothing can be sent any more. What was typed stays and can be copied. */
export function Ended({ session }: { session: Session }) {
  const reason = text(session.metadata, 'archiveReason')
  const draft = readDraft(session.id)
  return (
    <div className="ended" role="status">
      <p>
        <strong>This session has ended.</strong> {reason ? `${reason}. ` : ''}It can be read, but takes no more messages. Start the agent again on its machine to go on.
      </p>
      {draft !== '' && <p className="ended-draft">{draft}</p>}
    </div>
  )
}
