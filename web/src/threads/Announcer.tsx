import { useEffect, useRef, useState } from 'react'
import type { OpenRequest } from '../sessions/agentState.ts'
import { present } from '../tools/presentation.ts'
import type { ThreadItem } from './items.ts'

const longest = 280

/** Reads out what a person has to know without looking: requests at once, answers when they are complete. */
export function Announcer({ items, asked, thinking }: { items: readonly ThreadItem[]; asked: readonly OpenRequest[]; thinking: boolean }) {
  const [said, setSaid] = useState('')
  const wasThinking = useRef(thinking)
  useEffect(() => {
    if (wasThinking.current && !thinking) {
      const last = items.findLast(item => item.kind === 'block' && item.block.kind === 'text')
      if (last?.kind === 'block' && last.block.kind === 'text') setSaid(last.block.text.slice(0, longest))
    }
    wasThinking.current = thinking
  }, [items, thinking])
  const [first] = asked
  const need = first ? requestWords(first) : ''
  return (
    <>
      <p className="hidden-text" aria-live="polite">
        {said}
      </p>
      <p className="hidden-text" aria-live="assertive">
        {need}
      </p>
    </>
  )
}

function requestWords(asked: OpenRequest): string {
  const { verb, target } = present({ name: asked.tool, title: null, category: null, input: asked.input })
  return `The agent waits for your answer: ${verb} ${target ?? ''}`
}
