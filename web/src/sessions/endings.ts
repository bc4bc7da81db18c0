import type { Session, SessionSummary } from '../contracts.ts'
import { lookup, object, text } from '../app/json.ts'

/** How a session ended: one word, and why, as a sentence without its stop. */
export interface Ending {
  readonly kind: 'interrupted' | 'ended' | 'archived'
  readonly word: string
  readonly why: string | null
}

const words = { interrupted: 'Interrupted', ended: 'Ended', archived: 'Archived' } as const

const userTerminated = 'User terminated'
const archivedFromHub = 'Archived from hub'
const launchFailed = 'Local launch failed: '

/** What the labels of a lifecycle say to a person. A label that is not here is shown as it is. */
const reasons: Readonly<Record<string, string>> = {
  'Hub restart': 'Ended by a restart of its service',
  'Stopped by runner': 'Stopped by the runner',
  [userTerminated]: 'You ended it',
  'Session completed': 'It had finished',
  'Session crashed': 'Its process crashed',
  'Terminal closed': 'Its terminal was closed',
  'Handed off to local terminal': 'Taken over by a terminal on its machine',
  'Cleared by /clear': 'Cleared with /clear',
  'Archived from hub (CLI unreachable)': 'Archived while its machine could not be reached',
}

/** The rule of the one word: who cut it off, or who put it away. */
export function endingOf(interrupted: boolean | undefined, metadata: unknown): Ending {
  const reason = text(metadata, 'archiveReason')
  const kind = interrupted ? 'interrupted' : reason === userTerminated || reason?.startsWith(archivedFromHub) ? 'archived' : 'ended'
  return { kind, word: words[kind], why: reasonWords(reason) ?? (interrupted ? 'Its process ended without a word' : null) }
}

export function reasonWords(reason: string | null): string | null {
  if (!reason) return null
  if (reason.startsWith(launchFailed)) return `The agent could not be started: ${reason.slice(launchFailed.length)}`
  return lookup(reasons, reason) ?? reason
}

/** Over for good, as far as its process goes: nothing can be sent unless it is reopened. */
export function hasEnded(session: Pick<Session, 'active' | 'liveness'>, lifecycleState: string | null | undefined): boolean {
  return session.liveness?.state === 'ended' || (!session.active && lifecycleState === 'archived')
}

export function isInterrupted(row: SessionSummary): boolean {
  return row.interrupted === true && hasEnded(row, row.metadata?.lifecycleState)
}

/** Why the last attempt to reopen it failed. */
export function reopenErrorOf(metadata: unknown): string | null {
  return text(object(metadata)?.['reopenError'], 'message')
}
