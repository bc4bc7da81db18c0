import type { ChatMessage, RetryResponse } from '../contracts.ts'
import { request, sessionPath } from '../hub/request.ts'
import { catchUp } from './conversations.ts'

const words: Readonly<Record<RetryResponse['status'], string | null>> = {
  retried: null,
  'already-queued': 'It waits for the agent already.',
  'retry-unavailable': 'The session cannot take it now. Try again when it is back.',
  invoked: 'The agent has it after all.',
  'not-found': 'This message does not exist any more.',
}

/** Gives a message of unknown outcome to the agent once more, because a person said so. Gives what there is to tell; `null` when it is on its way. */
export async function retryMessage(sessionId: string, row: ChatMessage): Promise<string | null> {
  const { status } = await request<RetryResponse>('POST', sessionPath(sessionId, `/messages/${encodeURIComponent(row.id)}/retry`))
  await catchUp(sessionId)
  return words[status] ?? null
}
