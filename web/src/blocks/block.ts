import type { ChatMessage } from '../contracts.ts'

/** One thing in a conversation, as every agent's dialect comes out. Never changed in place: a new object means "draw again". */
export type Block =
  | UserBlock | TextBlock | ReasoningBlock | ToolBlock | PlanBlock | NoteBlock | SummaryBlock | TerminalBlock | ImageBlock | UnknownBlock

interface Base {
  readonly id: string
  /** Milliseconds since 1970. */
  readonly at: number
}

export interface UserBlock extends Base {
  readonly kind: 'user'
  readonly text: string
  readonly files: readonly string[]
  /** The stored row; `null` for what is not the person's own typing in this app. */
  readonly row: ChatMessage
}

export interface TextBlock extends Base {
  readonly kind: 'text'
  readonly text: string
  /** It is still being written. */
  readonly live: boolean
}

export interface ReasoningBlock extends Base {
  readonly kind: 'reasoning'
  readonly text: string
  readonly live: boolean
}

export interface ToolBlock extends Base {
  readonly kind: 'tool'
  readonly callId: string
  readonly name: string
  /** What the agent itself calls this call, and its kind of deed (`read`, `edit`, `execute`, …). */
  readonly title: string | null
  readonly category: string | null
  readonly input: unknown
  readonly output: unknown
  readonly state: 'running' | 'done' | 'failed'
  readonly endedAt: number | null
  /** Set when a sub-agent works for this call. */
  readonly run: Run | null
  readonly children: readonly Block[]
}

export interface Run {
  readonly title: string | null
  readonly status: string
  readonly activity: string | null
  readonly result: string | null
}

export interface PlanStep {
  readonly content: string
  readonly status: 'pending' | 'in_progress' | 'completed'
}

export interface PlanBlock extends Base {
  readonly kind: 'plan'
  readonly steps: readonly PlanStep[]
}

export type Tone = 'quiet' | 'good' | 'warning' | 'error'

/** A line between the messages. `fold` is the same for lines of which only the last in a row counts. */
export interface NoteBlock extends Base {
  readonly kind: 'note'
  readonly tone: Tone
  readonly text: string
  readonly fold: string | null
}

/** What the agent keeps of a conversation it has shortened. */
export interface SummaryBlock extends Base {
  readonly kind: 'summary'
  readonly text: string
}

export interface TerminalBlock extends Base {
  readonly kind: 'terminal'
  readonly text: string
}

export interface ImageBlock extends Base {
  readonly kind: 'image'
  readonly imageId: string
  readonly fileName: string
}

/** Something this app cannot read; it is shown as it came. */
export interface UnknownBlock extends Base {
  readonly kind: 'unknown'
  readonly text: string
}

/** Tokens, as the agent last counted them. */
export interface Usage {
  readonly contextTokens: number
  readonly contextWindow: number | null
  readonly inputTokens: number
  readonly outputTokens: number
  readonly model: string | null
}
