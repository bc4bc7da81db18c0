import type { ChatMessage } from '../contracts.ts'
import { object, text } from '../app/json.ts'
import { readStored, writeStored } from '../app/storage.ts'

/** Text that was typed and not sent. It is on disk a moment after each key, and when the page is hidden. */
const delay = 250
const waiting = new Map<string, { value: string; timer: ReturnType<typeof setTimeout> }>()
const listeners = new Map<string, (text: string) => void>()

const keyOf = (sessionId: string) => `draft:${sessionId}`

export function readDraft(sessionId: string): string {
  return waiting.get(sessionId)?.value ?? readStored<string>(keyOf(sessionId)) ?? ''
}

export function writeDraft(sessionId: string, value: string): void {
  clearTimeout(waiting.get(sessionId)?.timer)
  waiting.set(sessionId, { value, timer: setTimeout(() => save(sessionId), delay) })
}

export function saveDrafts(): void {
  for (const sessionId of waiting.keys()) save(sessionId)
}

/** Gives text back to a composer that is empty; one that is not keeps what was typed since. */
export function giveBack(sessionId: string, value: string): boolean {
  if (readDraft(sessionId).trim() !== '') return false
  writeDraft(sessionId, value)
  listeners.get(sessionId)?.(value)
  return true
}

export function onGivenBack(sessionId: string, listener: (text: string) => void): () => void {
  listeners.set(sessionId, listener)
  return () => listeners.delete(sessionId)
}

/** A prompt that was stopped before the agent took it comes back. */
export function restoreAborted(sessionId: string, row: ChatMessage): void {
  const data = object(object(object(row.content)?.['content'])?.['data'])
  if (data?.['type'] === 'abort-restore') giveBack(sessionId, text(data, 'text') ?? '')
}

function save(sessionId: string): void {
  const entry = waiting.get(sessionId)
  if (!entry) return
  clearTimeout(entry.timer)
  waiting.delete(sessionId)
  writeStored(keyOf(sessionId), entry.value === '' ? null : entry.value)
}

if (typeof document !== 'undefined') {
  document.addEventListener('visibilitychange', saveDrafts)
  window.addEventListener('pagehide', saveDrafts)
}
