import { isObject, list, number, object, text } from '../app/json.ts'

/** One choice that the agent itself offers for a request. */
export interface RequestChoice {
  readonly id: string
  readonly label: string
  readonly kind: string
}

/** What an agent asks of a person. `id` is the id of the tool call it is about. */
export interface OpenRequest {
  readonly id: string
  readonly tool: string
  readonly input: unknown
  readonly since: number
  readonly choices: readonly RequestChoice[]
}

export interface ClosedRequest {
  readonly id: string
  readonly tool: string
  readonly status: string
  readonly decision: string | null
  readonly reason: string | null
  readonly mode: string | null
  readonly by: string | null
  readonly answers: unknown
}

/** The requests of an `agentState`, oldest first. One that is closed wins over the same one still open. */
export function openRequests(agentState: unknown): OpenRequest[] {
  const requests = object(object(agentState)?.['requests']) ?? {}
  const closed = object(object(agentState)?.['completedRequests']) ?? {}
  return Object.entries(requests)
    .filter(([id, value]) => isObject(value) && !(id in closed))
    .map(([id, value]) => ({
      id,
      tool: text(value, 'tool') ?? 'tool',
      input: object(value)?.['arguments'] ?? null,
      since: number(value, 'createdAt') ?? 0,
      choices: list(object(value)?.['options']).map(option => ({
        id: text(option, 'id') ?? '',
        label: text(option, 'label') ?? '',
        kind: text(option, 'kind') ?? '',
      })),
    }))
    .toSorted((a, b) => a.since - b.since || a.id.localeCompare(b.id))
}

export function closedRequest(agentState: unknown, id: string): ClosedRequest | null {
  const value = object(object(object(agentState)?.['completedRequests'])?.[id])
  return value
    ? {
        id,
        tool: text(value, 'tool') ?? 'tool',
        status: text(value, 'status') ?? '',
        decision: text(value, 'decision'),
        reason: text(value, 'reason'),
        mode: text(value, 'mode'),
        by: text(value, 'by'),
        answers: value['answers'],
      }
    : null
}
