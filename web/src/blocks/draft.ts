import type { Block, NoteBlock, Run, ToolBlock, Usage } from './block.ts'
import { failedStatus, isPlaceholder, type CallPart, type Part } from './parts.ts'

/** A timeline under construction. `add` takes the parts in order; blocks already given out are never changed, only replaced. */
export class Draft {
  blocks: readonly Block[] = []
  usage: Usage | null = null
  #byId = new Map<string, Block>()
  #parent = new Map<string, string>()
  #root = new Map<string, number>()

  copy(): Draft {
    const copy = new Draft()
    copy.blocks = this.blocks
    copy.usage = this.usage
    copy.#byId = new Map(this.#byId)
    copy.#parent = new Map(this.#parent)
    copy.#root = new Map(this.#root)
    return copy
  }

  find(id: string): Block | undefined {
    return this.#byId.get(id)
  }

  add(part: Part): void {
    switch (part.type) {
      case 'usage':
        this.usage = part.usage
        break
      case 'block':
        this.#block(part.block, part.under)
        break
      case 'call':
        this.#tool(part.callId, part.at, part.under, tool => called(tool, part.call, part.at))
        break
      case 'result':
        this.#tool(part.callId, part.at, part.under, tool => ({ ...tool, output: part.output, state: part.failed ? 'failed' : 'done', endedAt: part.at }))
        break
      case 'run':
        this.#tool(part.callId, part.at, part.under, tool => running(tool, part.run, part.input, part.endedAt))
        break
    }
  }

  /** Puts known objects in the place of new ones that say the same, children first. */
  keepKnown(known: (block: Block) => Block): readonly Block[] {
    const visit = (block: Block): Block => {
      let next = block
      if (block.kind === 'tool' && block.children.length > 0) {
        const children = block.children.map(visit)
        if (children.some((child, i) => child !== block.children[i])) next = { ...block, children }
      }
      const kept = known(next)
      this.#byId.set(block.id, kept)
      return kept
    }
    this.blocks = this.blocks.map(visit)
    return this.blocks
  }

  #block(block: Exclude<Block, ToolBlock>, under: string | null): void {
    const before = this.#byId.get(block.id)
    // A snapshot that comes again under its id replaces the text where it stands.
    if (before) this.#put({ ...block, at: before.at }, under)
    else if (block.kind !== 'note' || !this.#fold(block, under)) this.#put(block, under)
  }

  // Of lines that repeat, or that each make the one before them pointless, only the last stays.
  #fold(note: NoteBlock, under: string | null): boolean {
    const last = this.#siblings(under).at(-1)
    if (last?.kind !== 'note' || !(last.text === note.text || (note.fold !== null && last.fold === note.fold))) return false
    this.#put({ ...note, id: last.id, at: last.at }, under)
    return true
  }

  #siblings(under: string | null): readonly Block[] {
    if (under === null) return this.blocks
    const parent = this.#byId.get(toolId(under))
    return parent?.kind === 'tool' ? parent.children : []
  }

  #tool(callId: string, at: number, under: string | null, how: (tool: ToolBlock) => ToolBlock): void {
    const known = this.#byId.get(toolId(callId))
    const tool = known?.kind === 'tool' ? known : blank(callId, at)
    // Opening a call again under itself would make a ring.
    this.#put(how({ ...tool, at: Math.min(tool.at, at) }), under === callId ? null : under)
  }

  #put(block: Block, under: string | null): void {
    const before = this.#byId.get(block.id)
    this.#byId.set(block.id, block)
    const parentId = before ? (this.#parent.get(block.id) ?? null) : under === null ? null : this.#ensureParent(under, block.at)
    if (parentId !== null) {
      const parent = this.#byId.get(parentId)
      if (parent?.kind !== 'tool') return
      this.#parent.set(block.id, parentId)
      this.#put({ ...parent, children: before ? parent.children.map(child => (child === before ? block : child)) : [...parent.children, block] }, null)
      return
    }
    const at = this.#root.get(block.id)
    if (at !== undefined) {
      this.blocks = this.blocks.with(at, block)
    } else {
      this.#root.set(block.id, this.blocks.length)
      this.blocks = [...this.blocks, block]
    }
  }

  // What a sub-agent does may be known before the call it works for: the call is on an older page.
  #ensureParent(callId: string, at: number): string {
    const id = toolId(callId)
    if (!this.#byId.has(id)) this.#put({ ...blank(callId, at), name: 'Task', run: { title: null, status: 'running', activity: null, result: null } }, null)
    return id
  }
}

export function toolId(callId: string): string {
  return `tool:${callId}`
}

function blank(callId: string, at: number): ToolBlock {
  return {
    kind: 'tool', id: toolId(callId), callId, at, name: 'Tool', title: null, category: null, input: null, output: null,
    state: 'running', endedAt: null, run: null, children: [],
  }
}

function called(tool: ToolBlock, call: CallPart, at: number): ToolBlock {
  const ended = tool.endedAt === null && call.status !== null && (failedStatus(call.status) || call.status === 'completed')
  return {
    ...tool,
    name: isPlaceholder(call.name) && !isPlaceholder(tool.name) ? tool.name : call.name,
    title: call.title ?? tool.title,
    category: call.category ?? tool.category,
    input: call.input ?? tool.input,
    state: ended ? (failedStatus(call.status ?? '') ? 'failed' : 'done') : tool.state,
    endedAt: ended ? at : tool.endedAt,
  }
}

function running(tool: ToolBlock, change: Partial<Run>, input: unknown, endedAt: number | null): ToolBlock {
  const before = tool.run ?? { title: null, status: 'running', activity: null, result: null }
  // Housekeeping after the end does not bring a run back to life.
  const over = before.status === 'completed' || failedStatus(before.status)
  const run = over ? { ...before, result: before.result ?? change.result ?? null } : { ...before, ...change }
  const ended = run.status === 'completed' || failedStatus(run.status)
  return {
    ...tool,
    name: tool.name === 'Tool' ? 'Task' : tool.name,
    input: tool.input ?? input ?? null,
    run,
    state: ended ? (failedStatus(run.status) ? 'failed' : 'done') : tool.endedAt === null ? 'running' : tool.state,
    endedAt: tool.endedAt ?? endedAt,
  }
}
