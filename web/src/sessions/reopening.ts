import type { ReopenResponse } from '../contracts.ts'
import { createStore } from '../app/store.ts'
import { HubError, messageOf } from '../hub/errors.ts'
import { request, sessionPath } from '../hub/request.ts'

/** One session that is being brought back, or that could not be. */
export interface Reopening {
  readonly since: number
  /** Why it failed; `null` while it goes on. */
  readonly error: unknown
}

/** The hub waits a minute for the agent; then this side gives up too. */
const patience = 75_000

export const reopenings = createStore<ReadonlyMap<string, Reopening>>(new Map())

const running = new Map<string, Promise<string | null>>()

/** Brings a session back. Gives the id to go on with, or `null` when it failed: why stands in the store. A second call joins the first. */
export function reopen(id: string): Promise<string | null> {
  let run = running.get(id)
  if (!run) {
    note(id, { since: Date.now(), error: null })
    run = ask(id).finally(() => running.delete(id))
    running.set(id, run)
  }
  return run
}

/** It is back, whoever brought it: why it failed before is of no use any more. */
export function forgetFailed(id: string): void {
  if (reopenings.get().get(id)?.error) note(id, null)
}

async function ask(id: string): Promise<string | null> {
  try {
    const answer = await request<ReopenResponse>('POST', sessionPath(id, '/reopen'), undefined, patience)
    note(id, null)
    return answer.sessionId
  } catch (error) {
    note(id, { since: Date.now(), error })
    return null
  }
}

function note(id: string, reopening: Reopening | null): void {
  const next = new Map(reopenings.get())
  if (reopening) next.set(id, reopening)
  else next.delete(id)
  reopenings.set(next)
}

/** What failed, and what a person can do about it. */
export function reopenProblem(error: unknown, host: string | null): { readonly what: string; readonly todo: string | null } {
  const what = messageOf(error)
  if (!(error instanceof HubError)) return { what, todo: null }
  if (error.code === 'no_machine_online')
    return { what: `${host ?? 'Its machine'} is not online, or has no runner.`, todo: `Run “hapi runner start” ${host ? `on ${host}` : 'there'}, then try again.` }
  if (error.code === 'resume_unavailable') return { what, todo: 'It can still be read. To go on with the work, start a new session in the same folder.' }
  if (error.code === 'metadata_conflict') return { what: 'Something else changed the session just now.', todo: 'Try again.' }
  if (error.code === 'route_not_found') return { what: 'This hub cannot reopen sessions yet.', todo: 'Start the agent again on its machine to go on.' }
  if (error.unreachable) return { what, todo: 'It may come back all the same: this page shows it when it does.' }
  return { what, todo: null }
}
