import { isObject, list, number, object, pretty, text, type Json } from '../app/json.ts'
import type { PlanStep, Usage } from './block.ts'
import type { Part } from './parts.ts'

/** Where a part comes from: its row, its time, and the sub-agent's call it is under. */
export interface Origin {
  readonly rowId: string
  readonly at: number
  readonly under: string | null
}

/** Reads one `data` object of the family that every agent shares. Types it does not know say nothing. */
export function readGeneric(data: Json, from: Origin): Part[] {
  const { at, under } = from
  const id = text(data, 'id') ?? from.rowId
  const said = text(data, 'message')
  switch (data['type']) {
    case 'message':
      return said === null ? [] : [{ type: 'block', under, block: { kind: 'text', id: `text:${id}`, at, text: said, live: false } }]
    case 'reasoning':
      return said === null || said.trim() === ''
        ? []
        : [{ type: 'block', under, block: { kind: 'reasoning', id: `reasoning:${id}`, at, text: said, live: data['live'] === true } }]
    case 'error':
      return [{ type: 'block', under, block: { kind: 'note', id: `note:${from.rowId}`, at, tone: 'error', text: said ?? 'The agent failed.', fold: null } }]
    case 'tool-call':
      return call(data, from)
    case 'tool-call-result': {
      const callId = text(data, 'callId', 'call_id')
      return callId === null ? [] : [{ type: 'result', under, callId, at, output: data['output'], failed: data['is_error'] === true }]
    }
    case 'plan':
    case 'plan_update':
      return plan(data, from)
    case 'token_count': {
      const usage = readUsage(data)
      return usage && !isChild(data) && under === null ? [{ type: 'usage', under, usage }] : []
    }
    case 'generated-image':
      return [
        {
          type: 'block', under,
          block: { kind: 'image', id: `image:${from.rowId}`, at, imageId: text(data, 'imageId', 'image_id') ?? '', fileName: text(data, 'fileName', 'file_name') ?? 'image' },
        },
      ]
    case 'context_compacted':
      return [{ type: 'block', under, block: { kind: 'note', id: `note:${from.rowId}`, at, tone: 'quiet', text: 'Context was compacted', fold: 'compact' } }]
    case 'compact-summary':
      return [{ type: 'block', under, block: { kind: 'summary', id: `summary:${from.rowId}`, at, text: text(data, 'summary') ?? '' } }]
    case 'agent-run-start':
    case 'agent-run-update':
      return run(data, from)
    case 'agent-run-trace': {
      const parent = text(data, 'cardId', 'agentId')
      const inner = object(data['message'])
      return parent && inner ? readGeneric(inner, { rowId: from.rowId, at, under: parent }) : []
    }
    default:
      return []
  }
}

function call(data: Json, { at, under }: Origin): Part[] {
  const callId = text(data, 'callId', 'call_id')
  if (callId === null) return []
  return [
    {
      type: 'call', under, callId, at,
      call: {
        name: text(data, 'name') ?? 'tool',
        title: text(data, 'nativeTitle', 'title', 'description'),
        category: text(data, 'nativeKind', 'kind'),
        input: data['input'] ?? null,
        status: text(data, 'status'),
      },
    },
  ]
}

function run(data: Json, { at, under }: Origin): Part[] {
  const callId = text(data, 'cardId', 'agentId')
  if (callId === null) return []
  const result = text(data, 'result', 'error', 'spawnResult')
  return [
    {
      type: 'run', callId, at: number(data, 'startedAt') ?? at, input: data['input'], endedAt: number(data, 'completedAt'),
      under: text(data, 'parentCardId') ?? under,
      run: {
        ...(text(data, 'summary') === null ? {} : { title: text(data, 'summary') }),
        ...(text(data, 'status') === null ? {} : { status: text(data, 'status') ?? '' }),
        ...(text(data, 'activity') === null ? {} : { activity: text(data, 'activity') }),
        ...(result === null ? {} : { result }),
      },
    },
  ]
}

function plan(data: Json, { at, under }: Origin): Part[] {
  const source = ['entries', 'plan', 'update', 'items', 'steps'].map(name => data[name]).find(Array.isArray)
  const steps = readSteps(source)
  return steps.length === 0 ? [] : [{ type: 'block', under, block: { kind: 'plan', id: under === null ? 'plan' : `plan:${under}`, at, steps } }]
}

/** Steps of a plan or a to-do list, under any of the names agents use. */
export function readSteps(source: unknown): PlanStep[] {
  return list(source).flatMap(entry => {
    const content = typeof entry === 'string' ? entry : text(entry, 'step', 'content', 'text', 'title', 'description')
    return content ? [{ content, status: stepStatus(isObject(entry) ? text(entry, 'status') : null) }] : []
  })
}

function stepStatus(status: string | null): PlanStep['status'] {
  switch (status?.toLowerCase()) {
    case 'completed':
    case 'complete':
    case 'done':
      return 'completed'
    case 'in_progress':
    case 'inprogress':
    case 'active':
    case 'running':
      return 'in_progress'
    default:
      return 'pending'
  }
}

function isChild(data: Json): boolean {
  return (text(data, 'scopeRole', 'scope_role') ?? text(data['scope'], 'role')) === 'child'
}

function readUsage(data: Json): Usage | null {
  const info = object(data['info'])
  if (!info) return null
  const counts = object(info['last'] ?? info['last_token_usage'] ?? info['total'] ?? info['total_token_usage']) ?? info
  const input = number(counts, 'inputTokens', 'input_tokens')
  if (input === null) return null
  return {
    inputTokens: input,
    outputTokens: number(counts, 'outputTokens', 'output_tokens') ?? 0,
    contextTokens: number(info, 'contextTokens', 'context_tokens') ?? input,
    contextWindow: number(info, 'modelContextWindow', 'model_context_window'),
    model: text(data, 'model'),
  }
}

/** What cannot be read is shown as it came. */
export function unknown(value: unknown, from: Origin): Part {
  return { type: 'block', under: from.under, block: { kind: 'unknown', id: `unknown:${from.rowId}`, at: from.at, text: pretty(value) } }
}
