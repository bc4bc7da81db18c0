import { clearStored } from '../app/storage.ts'
import { request } from '../hub/request.ts'
import { forgetConversations } from '../messages/conversations.ts'
import { outbox } from '../messages/outbox.ts'
import { queryClient } from '../sessions/queries.ts'
import { accountStore, forgetAccount } from './account.ts'
import { tokens } from './tokens.ts'

/** Signs out: a paired device gives its token up at the hub, and nothing of the account stays in this browser. */
export async function signOut(): Promise<void> {
  const deviceId = accountStore.get().account?.deviceId
  if (deviceId) {
    // Out of reach, the token is still gone from here; the owner can revoke it.
    await request('DELETE', `/api/devices/${encodeURIComponent(deviceId)}`).catch(() => undefined)
  }
  outbox.clear()
  tokens.forget()
  clearStored()
  forgetConversations()
  queryClient.clear()
  forgetAccount(null)
}
