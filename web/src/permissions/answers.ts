import type { ApproveRequest, Done, DenyRequest } from '../contracts.ts'
import { text } from '../app/json.ts'
import { HubError } from '../hub/errors.ts'
import { request, sessionPath } from '../hub/request.ts'
import type { OpenRequest } from '../sessions/agentState.ts'
import { commandText } from '../tools/presentation.ts'

/** What became of an answer: the hub has it (and the agent gets it when it is back), or somebody else was first. */
export type AnswerOutcome = { readonly kind: 'taken'; readonly pending: boolean } | { readonly kind: 'answered-before'; readonly how: string }

export function approve(sessionId: string, requestId: string, body: ApproveRequest): Promise<AnswerOutcome> {
  return answer(sessionId, requestId, 'approve', body)
}

export function deny(sessionId: string, requestId: string, body: DenyRequest): Promise<AnswerOutcome> {
  return answer(sessionId, requestId, 'deny', body)
}

async function answer(sessionId: string, requestId: string, verb: 'approve' | 'deny', body: ApproveRequest | DenyRequest): Promise<AnswerOutcome> {
  try {
    const done = await request<Done>('POST', sessionPath(sessionId, `/permissions/${encodeURIComponent(requestId)}/${verb}`), body)
    return { kind: 'taken', pending: done.delivery === 'pending' }
  } catch (error) {
    if (error instanceof HubError && error.code === 'request_already_answered')
      return { kind: 'answered-before', how: `${text(error.body, 'decision') ?? 'answered'} by ${text(error.body, 'by') ?? 'another device'}` }
    throw error
  }
}

/** "Allow for this session": of commands only the very same one, of other tools the tool. */
export function forSession(asked: OpenRequest): ApproveRequest {
  const command = commandText(asked.input)
  return { decision: 'approved_for_session', allowTools: [command === null ? asked.tool : `${asked.tool}(${command})`] }
}

/** The agent's own word for a choice, when it offers one of that kind. */
export function choiceLabel(asked: OpenRequest, kind: string): string | null {
  return asked.choices.find(choice => choice.kind === kind)?.label ?? null
}

/** An agent that lists its choices, and has none that lasts, cannot allow for a session. */
export function canAllowForSession(asked: OpenRequest): boolean {
  return asked.choices.length === 0 || choiceLabel(asked, 'allow_always') !== null
}
