import { memo, useId, useState, type ReactNode } from 'react'
import type { ToolBlock } from '../blocks/block.ts'
import { text } from '../app/json.ts'
import { Icon } from '../controls/Icon.tsx'
import { Markdown } from '../markdown/Markdown.tsx'
import { outputText } from './presentation.ts'
import { Running } from './ToolRow.tsx'
import './tools.css'

/** A sub-agent at work: what it is for, what it does now, and on a press all it did. */
export const AgentCard = memo(function AgentCard({ tool, trace }: { tool: ToolBlock; trace: (children: ToolBlock['children']) => ReactNode }) {
  const [open, setOpen] = useState(false)
  const detail = useId()
  const title = tool.run?.title ?? text(tool.input, 'description', 'summary') ?? tool.title ?? 'Sub-agent'
  const prompt = text(tool.input, 'prompt', 'message')
  const result = tool.run?.result ?? outputText(tool.output)
  // Most sub-agents end by saying their result.
  const saidAlready = tool.children.some(child => child.kind === 'text' && child.text.trim() === result?.trim())
  const steps = tool.children.filter(child => child.kind === 'tool').length
  return (
    <section className={`agent tool-${tool.state}`} aria-label={`Sub-agent: ${title}`} data-testid="agent-card">
      <button type="button" className="agent-line" aria-expanded={open} aria-controls={detail} onClick={() => setOpen(!open)}>
        <Icon name="agent" />
        <span className="agent-what">
          <span className="agent-title">{title}</span>
          <span className="agent-now">{tool.state === 'running' ? (tool.run?.activity ?? 'Working…') : `${tool.state === 'failed' ? 'Failed' : 'Done'} · ${steps} ${steps === 1 ? 'step' : 'steps'}`}</span>
        </span>
        {tool.state === 'running' ? <Running since={tool.at} /> : <Icon name={open ? 'down' : 'chevron'} size={18} />}
      </button>
      {open && (
        <div id={detail} className="agent-detail">
          {prompt && (
            <div className="agent-prompt">
              <Markdown text={prompt} />
            </div>
          )}
          {trace(tool.children)}
          {result && !saidAlready && <Markdown text={result} />}
        </div>
      )}
    </section>
  )
})
