import type { ChatMessage, LiveStream, Session } from '../contracts.ts'
import type { Block, ToolBlock } from '../blocks/block.ts'
import { toolId } from '../blocks/draft.ts'
import type { Timeline } from '../blocks/timeline.ts'
import { isWaiting } from '../messages/places.ts'

/** One row of the thread. Tool calls that follow each other stand together. */
export type ThreadItem =
  | { readonly kind: 'block'; readonly id: string; readonly block: Exclude<Block, ToolBlock> }
  | { readonly kind: 'tools'; readonly id: string; readonly tools: readonly ToolBlock[] }
  | { readonly kind: 'agent'; readonly id: string; readonly tool: ToolBlock }

/** Messages that wait for the end of the turn stand in the queue; all others in the thread. */
export function divide(rows: readonly ChatMessage[], session: Pick<Session, 'thinking' | 'activeTurnStartedAt'>): { thread: ChatMessage[]; queue: ChatMessage[] } {
  const thread: ChatMessage[] = []
  const queue: ChatMessage[] = []
  const began = session.activeTurnStartedAt ?? 0
  // Once the running turn has got its message, whatever else waits is for a later one, even if it was written before the turn began.
  const hasItsOwn = rows.some(row => row.localId !== null && row.invokedAt !== null && row.invokedAt >= began)
  for (const row of rows) (isWaiting(row) && waits(row, session.thinking && (hasItsOwn || row.createdAt > began)) ? queue : thread).push(row)
  return { thread, queue }
}

function waits(row: ChatMessage, forTurn: boolean): boolean {
  if (row.deliveryState === 'indeterminate' || row.scheduledAt) return true
  return forTurn && !['refused', 'expired', 'unknown'].includes(row.delivery?.state ?? '')
}

/** The blocks with what is being written now. A stream that has settled is not shown twice. */
export function withLiveText(timeline: Timeline, live: readonly LiveStream[]): readonly Block[] {
  let blocks = timeline.blocks
  for (const stream of live) {
    const kind = stream.kind === 'reasoning' ? 'reasoning' : 'text'
    const id = `${kind}:${stream.id}`
    if (timeline.draft.find(id) || stream.text.trim() === '') continue
    const block: Block = { kind, id, at: Number.MAX_SAFE_INTEGER, text: stream.text, live: true }
    const parent = stream.parent ? toolId(stream.parent) : null
    blocks =
      parent && timeline.draft.find(parent)
        ? blocks.map(known => (known.kind === 'tool' && known.id === parent ? { ...known, children: [...known.children, block] } : known))
        : [...blocks, block]
  }
  return blocks
}

/** The rows of the thread. Calls that wait for a person are left out: their cards stand at the foot. */
export function itemsOf(blocks: readonly Block[], asked: ReadonlySet<string>): ThreadItem[] {
  const items: ThreadItem[] = []
  let tools: ToolBlock[] = []
  const close = () => {
    const first = tools[0]
    if (first) items.push({ kind: 'tools', id: first.id, tools })
    tools = []
  }
  for (const block of blocks) {
    if (block.kind === 'tool') {
      if (asked.has(block.callId)) continue
      if (block.run || block.children.length > 0) {
        close()
        items.push({ kind: 'agent', id: block.id, tool: block })
      } else {
        tools.push(block)
      }
    } else {
      close()
      items.push({ kind: 'block', id: block.id, block })
    }
  }
  close()
  return items
}

/** How many rows came after the one that was last when the reader left the end. */
export function unseen(items: readonly ThreadItem[], lastSeen: string | null): number {
  if (lastSeen === null) return 0
  const at = items.findLastIndex(item => item.id === lastSeen)
  return at < 0 ? 0 : items.length - 1 - at
}
