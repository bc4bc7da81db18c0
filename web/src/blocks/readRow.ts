import type { ChatMessage } from '../contracts.ts'
import { isObject, list, pretty, text, type Json } from '../app/json.ts'
import { readClaudeOutput } from './claudeOutput.ts'
import { readGeneric, unknown, type Origin } from './genericFamily.ts'
import type { Part } from './parts.ts'
import { readStatusLine } from './statusLines.ts'

const known = new WeakMap<ChatMessage, readonly Part[]>()

/** What a stored row says. Total: a row that nobody can read is shown as it came. Each row is read once. */
export function readRow(row: ChatMessage): readonly Part[] {
  let parts = known.get(row)
  if (!parts) known.set(row, (parts = read(row)))
  return parts
}

function read(row: ChatMessage): readonly Part[] {
  const from: Origin = { rowId: row.id, at: row.invokedAt ?? row.createdAt, under: null }
  const envelope = unwrap(row.content)
  if (!envelope) return [unknown(row.content, from)]
  if (envelope['role'] === 'user') return [user(row, envelope, from)]
  if (envelope['role'] !== 'agent') return [unknown(envelope['content'], from)]
  return agent(envelope['content'], from)
}

// Some senders wrap the envelope once more.
function unwrap(content: unknown): Json | null {
  for (const candidate of [content, inner(content, 'message'), inner(inner(content, 'data'), 'message'), inner(inner(content, 'payload'), 'message')]) {
    if (isObject(candidate) && typeof candidate['role'] === 'string' && 'content' in candidate) return candidate
  }
  return null
}

function inner(value: unknown, name: string): unknown {
  return isObject(value) ? value[name] : undefined
}

const terminalTag = /<(command-name|command-message|command-args|local-command-[a-z]+)>/

function user(row: ChatMessage, envelope: Json, { at }: Origin): Part {
  const content = envelope['content']
  const said = typeof content === 'string' ? content : text(content, 'type') === 'text' ? (text(content, 'text') ?? '') : pretty(content)
  if (text(envelope['meta'], 'sentFrom') === 'cli' && terminalTag.test(said))
    return { type: 'block', under: null, block: { kind: 'terminal', id: `terminal:${row.id}`, at, text: said.replaceAll(/<\/?[a-z-]+>/g, '').trim() } }
  const files = list(isObject(content) ? content['attachments'] : null).flatMap(file => text(file, 'filename') ?? [])
  return { type: 'block', under: null, block: { kind: 'user', id: `user:${row.localId ?? row.id}`, at, text: said, files, row } }
}

function agent(content: unknown, from: Origin): readonly Part[] {
  if (typeof content === 'string') return [{ type: 'block', under: null, block: { kind: 'text', id: `text:${from.rowId}`, at: from.at, text: content, live: false } }]
  const data = isObject(content) ? content['data'] : null
  if (!isObject(content) || !isObject(data)) return [unknown(content, from)]
  switch (content['type']) {
    case 'codex':
      return readGeneric(data, from)
    case 'output':
      return readClaudeOutput(data, from)
    case 'event':
      return typeof data['type'] === 'string' ? readStatusLine(data, from) : [unknown(data, from)]
    default:
      return [unknown(content, from)]
  }
}
