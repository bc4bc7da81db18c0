import { memo, useState } from 'react'
import type { ToolBlock } from '../blocks/block.ts'
import { ErrorBoundary } from '../controls/ErrorBoundary.tsx'
import { Icon } from '../controls/Icon.tsx'
import { closedRequest } from '../sessions/agentState.ts'
import { ToolRow } from './ToolRow.tsx'
import './tools.css'

const shownAtMost = 4

/** Calls that follow each other. Of many, the last ones are shown. */
export const ToolStack = memo(function ToolStack({ tools, agentState }: { tools: readonly ToolBlock[]; agentState: unknown }) {
  const [all, setAll] = useState(false)
  const folded = !all && tools.length > shownAtMost + 1
  const shown = folded ? tools.slice(-shownAtMost) : tools
  const hiddenFailures = folded ? tools.slice(0, -shownAtMost).filter(tool => tool.state === 'failed').length : 0
  return (
    <div className="tools">
      {folded && (
        <button type="button" className="tools-more" onClick={() => setAll(true)}>
          <Icon name="down" size={16} /> {tools.length - shownAtMost} earlier steps{hiddenFailures > 0 ? `, ${hiddenFailures} failed` : ''}
        </button>
      )}
      {shown.map(tool => (
        <ErrorBoundary key={tool.id} fallback={() => <p className="tool-broken">{tool.name}: this step cannot be shown.</p>}>
          <ToolRow tool={tool} answer={closedRequest(agentState, tool.callId)} />
        </ErrorBoundary>
      ))}
    </div>
  )
})
