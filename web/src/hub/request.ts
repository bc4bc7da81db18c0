import { tokens } from '../accounts/tokens.ts'
import { HubError, refusal, unreachable } from './errors.ts'

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

const patience = 30_000

/** Asks the hub. A token that ran out is renewed once. Every failure is a `HubError`. Some deeds take longer than others: `within` is in milliseconds. */
export async function request<Answer>(method: Method, path: string, body?: unknown, within = patience): Promise<Answer> {
  const answer = await authorized(path, {
    method,
    signal: AbortSignal.timeout(within),
    headers: body === undefined ? {} : { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  if (!answer.ok) throw await refusal(answer)
  try {
    return (await answer.json()) as Answer
  } catch (cause) {
    throw unreachable(cause)
  }
}

/** The bare answer, with the bearer header and the same renewal. */
export async function authorized(path: string, init: RequestInit & { headers: Record<string, string> }): Promise<Response> {
  const first = await send(path, init, await tokens.current())
  return first.status === 401 ? send(path, init, await tokens.renewed()) : first
}

async function send(path: string, init: RequestInit & { headers: Record<string, string> }, token: string): Promise<Response> {
  try {
    return await fetch(path, { ...init, headers: { ...init.headers, authorization: `Bearer ${token}` } })
  } catch {
    throw new HubError(0, 'The hub does not answer.')
  }
}

export function sessionPath(id: string, rest = ''): string {
  return `/api/sessions/${encodeURIComponent(id)}${rest}`
}
