import { useId, useState } from 'react'
import type { ReasoningBlock } from '../blocks/block.ts'
import { Icon } from '../controls/Icon.tsx'
import { Markdown } from '../markdown/Markdown.tsx'

/** What the agent thinks: the newest line while it does, folded when it is done. */
export function Reasoning({ block }: { block: ReasoningBlock }) {
  const [open, setOpen] = useState(false)
  const detail = useId()
  const line = block.live ? lastLine(block.text) : firstLine(block.text)
  return (
    <div className={block.live ? 'reasoning reasoning-live' : 'reasoning'} data-testid="reasoning">
      <button type="button" className="reasoning-line" aria-expanded={open} aria-controls={detail} onClick={() => setOpen(!open)}>
        <Icon name="bulb" size={17} />
        <span className="reasoning-name">{block.live ? 'Thinking' : 'Thought'}</span>
        {!open && <span className="reasoning-peek">{line}</span>}
        <Icon name={open ? 'down' : 'chevron'} size={15} />
      </button>
      {open && (
        <div id={detail} className="reasoning-text">
          <Markdown text={block.text} />
        </div>
      )}
    </div>
  )
}

function firstLine(text: string): string {
  return plain(text.trimStart().split('\n')[0] ?? '')
}

function lastLine(text: string): string {
  return plain(text.trimEnd().split('\n').at(-1) ?? '')
}

function plain(line: string): string {
  return line.replaceAll(/[*_`#]/g, '').trim()
}
