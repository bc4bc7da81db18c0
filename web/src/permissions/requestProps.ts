import type { ModeOption } from '../contracts.ts'
import type { OpenRequest } from '../sessions/agentState.ts'
import type { AnswerOutcome } from './answers.ts'

/** What a card needs to ask and to answer: one deed at a time, with its outcome told inside the card. */
export interface RequestProps {
  readonly sessionId: string
  readonly asked: OpenRequest
  readonly modes: readonly ModeOption[]
  readonly mode: string | null
  readonly busy: boolean
  answer(deed: () => Promise<AnswerOutcome>): void
}
