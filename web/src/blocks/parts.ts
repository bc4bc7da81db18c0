import type { Block, Run, ToolBlock, Usage } from './block.ts'

/** What one stored row says, before it is brought together with the others. `under` is the call it belongs to, for what a sub-agent does. */
export type Part = { readonly under: string | null } & (
  | { readonly type: 'block'; readonly block: Exclude<Block, ToolBlock> }
  | { readonly type: 'call'; readonly callId: string; readonly at: number; readonly call: CallPart }
  | { readonly type: 'result'; readonly callId: string; readonly at: number; readonly output: unknown; readonly failed: boolean }
  | { readonly type: 'run'; readonly callId: string; readonly at: number; readonly run: Partial<Run>; readonly input?: unknown; readonly endedAt: number | null }
  | { readonly type: 'usage'; readonly usage: Usage }
)

export interface CallPart {
  readonly name: string
  readonly title: string | null
  readonly category: string | null
  readonly input: unknown
  readonly status: string | null
}

/** Names that agents give to a call before they know better. */
const placeholders: ReadonlySet<string> = new Set(['', 'tool', 'unknown', 'generic', 'other'])

export function isPlaceholder(name: string): boolean {
  return placeholders.has(name.trim().toLowerCase())
}

export function failedStatus(status: string): boolean {
  return ['failed', 'error', 'canceled', 'cancelled', 'notFound'].includes(status)
}
