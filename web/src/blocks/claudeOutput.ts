import { isObject, list, number, object, text, type Json } from '../app/json.ts'
import { unknown, type Origin } from './genericFamily.ts'
import type { Part } from './parts.ts'
import { readStatusLine } from './statusLines.ts'

const shownSystem: ReadonlySet<string> = new Set(['api_error', 'turn_duration', 'microcompact_boundary', 'compact_boundary', 'away_summary'])

/** Reads the family `output`: entries of Claude's own log, which imported histories hold. */
export function readClaudeOutput(data: Json, row: Origin): Part[] {
  const from = { ...row, under: data['isSidechain'] === true ? text(data, 'parentToolUseId') : row.under }
  if (data['isMeta'] === true || data['isCompactSummary'] === true) return []
  switch (data['type']) {
    case 'assistant':
      return assistant(data, from)
    case 'user':
      return user(data, from)
    case 'summary':
      return readStatusLine({ type: 'title-changed', title: data['summary'] }, from)
    case 'system':
      return system(data, from)
    case 'rate_limit_event':
    case 'tool_progress':
      return []
    default:
      return [unknown(data, from)]
  }
}

function assistant(data: Json, from: Origin): Part[] {
  const message = object(data['message'])
  const content = message?.['content']
  const blocks = typeof content === 'string' ? [{ type: 'text', text: content }] : list(content)
  const parts = blocks.flatMap((block, i): Part[] => {
    const id = `${from.rowId}:${i}`
    switch (text(block, 'type')) {
      case 'text':
        return [{ type: 'block', under: from.under, block: { kind: 'text', id: `text:${id}`, at: from.at, text: text(block, 'text') ?? '', live: false } }]
      case 'thinking':
        return [{ type: 'block', under: from.under, block: { kind: 'reasoning', id: `reasoning:${id}`, at: from.at, text: text(block, 'thinking') ?? '', live: false } }]
      case 'tool_use': {
        const call = { name: text(block, 'name') ?? 'tool', title: null, category: null, input: object(block)?.['input'] ?? null, status: null }
        return [{ type: 'call', under: from.under, callId: text(block, 'id') ?? id, at: from.at, call }]
      }
      default:
        return []
    }
  })
  const usage = object(message?.['usage'])
  if (usage && from.under === null) {
    const input = (number(usage, 'input_tokens') ?? 0) + (number(usage, 'cache_read_input_tokens') ?? 0) + (number(usage, 'cache_creation_input_tokens') ?? 0)
    parts.push({
      type: 'usage', under: null,
      usage: { inputTokens: input, contextTokens: input, outputTokens: number(usage, 'output_tokens') ?? 0, contextWindow: number(usage, 'context_window'), model: text(message, 'model') },
    })
  }
  return parts
}

function user(data: Json, from: Origin): Part[] {
  const content = object(data['message'])?.['content']
  if (typeof content === 'string') {
    const summary = /<summary>([\s\S]*?)<\/summary>/.exec(content)?.[1]
    return summary ? readStatusLine({ type: 'message', message: summary.trim() }, from) : []
  }
  const results = list(content).filter(block => text(block, 'type') === 'tool_result')
  if (results.length === 0) return []
  return results.map(block => ({
    type: 'result',
    under: from.under,
    callId: text(block, 'tool_use_id') ?? '',
    at: from.at,
    output: data['toolUseResult'] ?? (isObject(block) ? block['content'] : null),
    failed: isObject(block) && block['is_error'] === true,
  }))
}

function system(data: Json, from: Origin): Part[] {
  const subtype = text(data, 'subtype') ?? ''
  if (!shownSystem.has(subtype)) return []
  switch (subtype) {
    case 'api_error':
      return readStatusLine({ ...data, type: 'api-error' }, from)
    case 'turn_duration':
      return readStatusLine({ type: 'turn-duration', durationMs: data['durationMs'], costUsd: number(data['resultSummary'], 'total_cost_usd') }, from)
    case 'compact_boundary':
      return readStatusLine({ type: 'compact', preTokens: number(data['compactMetadata'], 'preTokens') }, from)
    case 'microcompact_boundary':
      return readStatusLine({ type: 'microcompact', preTokens: number(data['microcompactMetadata'], 'preTokens') }, from)
    default:
      return readStatusLine({ type: 'recap', content: data['content'] }, from)
  }
}
