import type { ChatMessage } from '../contracts.ts'
import type { Block, ToolBlock, Usage } from './block.ts'
import { Draft } from './draft.ts'
import { readRow } from './readRow.ts'

/** A conversation brought together: calls with their results, streams with what settled, sub-agents under their calls. Never changed in place. */
export interface Timeline {
  readonly rows: readonly ChatMessage[]
  readonly blocks: readonly Block[]
  readonly usage: Usage | null
  readonly draft: Draft
}

export const emptyTimeline: Timeline = { rows: [], blocks: [], usage: null, draft: new Draft() }

/**
 * The timeline of `rows`, given the one before. New rows at the end cost what they say; any other change reads all rows again, from
 * the cache of each row. Blocks that say the same keep their identity either way.
 */
export function extend(before: Timeline, rows: readonly ChatMessage[]): Timeline {
  if (rows === before.rows) return before
  const continues = rows.length >= before.rows.length && before.rows.every((row, i) => rows[i] === row)
  const draft = continues ? before.draft.copy() : new Draft()
  for (let i = continues ? before.rows.length : 0; i < rows.length; i++) {
    const row = rows[i]
    if (row) for (const part of readRow(row)) draft.add(part)
  }
  const blocks = continues ? draft.blocks : reconcile(before.draft, draft)
  return { rows, blocks, usage: draft.usage, draft }
}

function reconcile(before: Draft, draft: Draft): readonly Block[] {
  return draft.keepKnown(block => {
    const known = before.find(block.id)
    return known && sameBlock(known, block) ? known : block
  })
}

function sameBlock(a: Block, b: Block): boolean {
  if (a.kind !== b.kind) return false
  const keys = Object.keys(b) as (keyof Block)[]
  return keys.every(key => Object.is(a[key], b[key]) || (key === ('children' as keyof Block) && sameChildren(a as ToolBlock, b as ToolBlock)) || sameValue(a[key], b[key]))
}

function sameChildren(a: ToolBlock, b: ToolBlock): boolean {
  return a.children.length === b.children.length && a.children.every((child, i) => child === b.children[i])
}

// Small objects that are made anew with each reading: steps, files, the run of a sub-agent.
function sameValue(a: unknown, b: unknown): boolean {
  return typeof a === 'object' && typeof b === 'object' && a !== null && b !== null && JSON.stringify(a) === JSON.stringify(b)
}
