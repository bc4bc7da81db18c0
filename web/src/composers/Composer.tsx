import { useEffect, useLayoutEffect, useRef, useState, type KeyboardEvent } from 'react'
import type { Session } from '../contracts.ts'
import { Icon } from '../controls/Icon.tsx'
import { outbox } from '../messages/outbox.ts'
import { ConfigChips } from './ConfigChips.tsx'
import { onGivenBack, readDraft, writeDraft } from './drafts.ts'
import { StopButton } from './StopButton.tsx'
import { useReopenAndSend } from './useReopenAndSend.ts'
import './composer.css'

const tallest = 168

interface Props {
  readonly session: Session
  /** Its process is gone: what is sent brings it back first. */
  readonly ended: boolean
  onSent(): void
}

/** Where a person writes to the agent. What is typed is safe at once; what is sent shows at once. */
export function Composer({ session, ended, onSent }: Props) {
  const { id } = session
  const reopenAndSend = useReopenAndSend(id)
  const [text, setText] = useState(() => readDraft(id))
  const area = useRef<HTMLTextAreaElement>(null)

  useEffect(() => onGivenBack(id, setText), [id])

  useLayoutEffect(() => {
    const element = area.current
    if (!element) return
    element.style.height = 'auto'
    element.style.height = `${Math.min(element.scrollHeight, tallest)}px`
  }, [text])

  const change = (value: string) => {
    setText(value)
    writeDraft(id, value)
  }

  const send = () => {
    const said = text.trim()
    if (said === '') return
    if (ended) outbox.hold(id, said)
    else outbox.send(id, said, session.thinking)
    change('')
    if (ended) reopenAndSend()
    onSent()
    area.current?.focus()
  }

  const key = (event: KeyboardEvent) => {
    // On a phone, Enter makes a line; with a keyboard it sends, unless a word is being composed.
    const sends = event.key === 'Enter' && !event.nativeEvent.isComposing && (event.ctrlKey || event.metaKey || (!event.shiftKey && hasKeyboard()))
    if (!sends) return
    event.preventDefault()
    send()
  }

  return (
    <form
      className="composer"
      aria-label="Message"
      onSubmit={event => {
        event.preventDefault()
        send()
      }}
    >
      <textarea
        ref={area}
        data-testid="composer-input"
        rows={1}
        value={text}
        placeholder={ended ? 'Go on with this session…' : session.thinking ? 'Queue a message…' : 'Message the agent…'}
        aria-label="Message to the agent"
        enterKeyHint="enter"
        onChange={event => change(event.target.value)}
        onKeyDown={key}
      />
      <div className="composer-bar">
        {!ended && (
          <>
            <ConfigChips session={session} />
            <StopButton session={session} />
          </>
        )}
        {ended ? (
          <button type="submit" className="composer-send composer-reopen" data-testid="composer-send" disabled={text.trim() === ''}>
            Reopen and send <Icon name="send" />
          </button>
        ) : (
          <button type="submit" className="composer-send" data-testid="composer-send" aria-label={session.thinking ? 'Queue message' : 'Send message'} disabled={text.trim() === ''}>
            <Icon name="send" />
          </button>
        )}
      </div>
    </form>
  )
}

function hasKeyboard(): boolean {
  return window.matchMedia('(hover: hover) and (pointer: fine)').matches
}
