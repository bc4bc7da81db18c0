import { memo } from 'react'
import type { Block } from '../blocks/block.ts'
import { Icon } from '../controls/Icon.tsx'
import { Markdown } from '../markdown/Markdown.tsx'
import { CodeBlock } from '../markdown/CodeBlock.tsx'
import { AgentCard } from '../tools/AgentCard.tsx'
import { StepList } from '../tools/StepList.tsx'
import { ToolStack } from '../tools/ToolStack.tsx'
import { itemsOf, type ThreadItem } from './items.ts'
import { Reasoning } from './Reasoning.tsx'
import { UserMessage } from './UserMessage.tsx'

interface Props {
  readonly item: ThreadItem
  readonly agentState: unknown
}

/** One row of a conversation. It is drawn again only when what it shows has changed. */
export const ThreadRow = memo(
  function ThreadRow({ item, agentState }: Props) {
    switch (item.kind) {
      case 'tools':
        return <ToolStack tools={item.tools} agentState={agentState} />
      case 'agent':
        return <AgentCard tool={item.tool} trace={children => <Trace blocks={children} agentState={agentState} />} />
      case 'block':
        return <Said block={item.block} />
    }
  },
  (a, b) => a.agentState === b.agentState && sameItem(a.item, b.item),
)

function sameItem(a: ThreadItem, b: ThreadItem): boolean {
  if (a.kind === 'block' && b.kind === 'block') return a.block === b.block
  if (a.kind === 'agent' && b.kind === 'agent') return a.tool === b.tool
  return a.kind === 'tools' && b.kind === 'tools' && a.tools.length === b.tools.length && a.tools.every((tool, i) => tool === b.tools[i])
}

const nobody: ReadonlySet<string> = new Set()

function Trace({ blocks, agentState }: { blocks: readonly Block[]; agentState: unknown }) {
  return itemsOf(blocks, nobody).map(item => <ThreadRow key={item.id} item={item} agentState={agentState} />)
}

function Said({ block }: { block: Extract<ThreadItem, { kind: 'block' }>['block'] }) {
  switch (block.kind) {
    case 'user':
      return <UserMessage block={block} />
    case 'text':
      return (
        <div className={block.live ? 'said said-live' : 'said'} data-testid="agent-message">
          <Markdown text={block.text} />
        </div>
      )
    case 'reasoning':
      return <Reasoning block={block} />
    case 'plan':
      return (
        <section className="card" aria-label="Plan">
          <h2>
            <Icon name="plan" size={18} /> Plan
          </h2>
          <StepList steps={block.steps} />
        </section>
      )
    case 'note':
      return (
        <p className={`note note-${block.tone}`} role={block.tone === 'error' ? 'alert' : undefined}>
          {block.tone !== 'quiet' && <Icon name="alert" size={16} />}
          <span>{block.text}</span>
        </p>
      )
    case 'summary':
      return (
        <details className="card">
          <summary>What the agent remembers of before</summary>
          <Markdown text={block.text} />
        </details>
      )
    case 'terminal':
      return <CodeBlock text={block.text} language="" label="From the terminal" />
    case 'image':
      return (
        <p className="note">
          <Icon name="image" size={16} />
          <span>Made an image: {block.fileName}</span>
        </p>
      )
    case 'unknown':
      return <CodeBlock text={block.text} language="json" label="Something this app does not know" />
  }
}
