import { outbox } from '../messages/outbox.ts'
import { reopen } from '../sessions/reopening.ts'
import { giveBack } from './drafts.ts'

/** Brings a session back and sends what is held for it. When it does not come back, the text does. */
export async function reopenAndSend(id: string): Promise<string | null> {
  const to = await reopen(id)
  if (to === null) outbox.unhold(id, text => giveBack(id, text))
  else outbox.release(id, to)
  return to
}
