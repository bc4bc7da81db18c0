import { lookup, number, object, text, type Json } from '../app/json.ts'
import type { NoteBlock, Tone } from './block.ts'
import type { Origin } from './genericFamily.ts'
import type { Part } from './parts.ts'

type Line = { text: string; tone?: Tone; fold?: string } | null

/** How each status event reads. What is not in this table, and no sentence of its own, says nothing. */
const lines: Readonly<Record<string, (data: Json) => Line>> = {
  ready: () => null,
  'abort-restore': () => null,
  'token-count': () => null,
  message: data => (text(data, 'message') ? { text: text(data, 'message') ?? '' } : null),
  error: data => ({ text: text(data, 'message') ?? 'Something failed.', tone: 'error' }),
  switch: data => ({ text: text(data, 'mode') === 'local' ? 'Now steered in the terminal' : 'Now steered from here' }),
  'permission-mode-changed': data => ({ text: `Mode is now ${words(text(data, 'mode') ?? 'another one')}`, fold: 'mode' }),
  // The name stands over the conversation; a line for each new one would only be in the way.
  'title-changed': () => null,
  'api-error': data => ({
    text: `The model service failed, trying again (${number(data, 'retryAttempt') ?? '?'} of ${number(data, 'maxRetries') ?? '?'})${detail(data)}`,
    tone: 'warning',
    fold: 'api-error',
  }),
  'limit-reached': data => ({ text: `Usage limit reached${until(data)}`, tone: 'error', fold: 'limit' }),
  'limit-warning': data => ({ text: `${percent(data)} of the usage limit is used${until(data)}`, tone: 'warning', fold: 'limit' }),
  compact: data => ({ text: `Context was compacted${tokens(number(data, 'preTokens'))}`, fold: 'compact' }),
  microcompact: data => ({ text: `Context was tidied up${tokens(number(data, 'preTokens'))}`, fold: 'compact' }),
  recap: data => ({ text: text(data, 'content', 'message') ?? 'Recap' }),
  'turn-duration': data => ({ text: `Worked for ${duration(number(data, 'durationMs') ?? 0)}${cost(number(data, 'costUsd'))}` }),
}

export function readStatusLine(data: Json, from: Origin): Part[] {
  const type = text(data, 'type') ?? ''
  if (type === 'compact-summary')
    return [{ type: 'block', under: from.under, block: { kind: 'summary', id: `summary:${from.rowId}`, at: from.at, text: text(data, 'summary') ?? '' } }]
  const line = (lookup(lines, type) ?? fallback)(data)
  return line ? [{ type: 'block', under: from.under, block: note(line, from) }] : []
}

function note(line: { text: string; tone?: Tone; fold?: string }, from: Origin): NoteBlock {
  return { kind: 'note', id: `note:${from.rowId}`, at: from.at, text: line.text, tone: line.tone ?? 'quiet', fold: line.fold ?? null }
}

export function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000))
  if (ms < 1000) return 'less than a second'
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  return minutes < 60 ? `${minutes} min ${seconds % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

function fallback(data: Json): Line {
  const said = text(data, 'message', 'text')
  return said ? { text: said } : null
}

function words(name: string): string {
  return name.replaceAll(/([a-z])([A-Z])/g, '$1 $2').replaceAll(/[-_]/g, ' ').toLowerCase()
}

function detail(data: Json): string {
  const said = text(object(data['error']), 'message')
  return said ? `: ${said}` : ''
}

function percent(data: Json): string {
  const used = number(data, 'utilization')
  return used === null ? 'Most' : `${Math.round(used * 100)} %`
}

function until(data: Json): string {
  const ends = number(data, 'endsAt')
  return ends === null ? '' : `, until ${new Date(ends * 1000).toLocaleString([], { hour: '2-digit', minute: '2-digit', weekday: 'short' })}`
}

function tokens(count: number | null): string {
  return count ? ` at ${Math.round(count / 1000)} k tokens` : ''
}

function cost(usd: number | null): string {
  return usd ? ` · $${usd.toFixed(2)}` : ''
}
