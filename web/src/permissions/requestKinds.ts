import { lookup } from '../app/json.ts'

export type RequestKind = 'permission' | 'question' | 'plan'

/** Tools that are no deed to be allowed, but a question to the person, under every agent's own name for them. */
const kinds: Readonly<Record<string, RequestKind>> = {
  AskUserQuestion: 'question',
  ask_user_question: 'question',
  CursorAskQuestion: 'question',
  request_user_input: 'question',
  ExitPlanMode: 'plan',
  exit_plan_mode: 'plan',
  CursorCreatePlan: 'plan',
}

export function requestKind(tool: string): RequestKind {
  return lookup(kinds, tool) ?? 'permission'
}
