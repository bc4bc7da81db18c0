import { lookup, text } from '../app/json.ts'
import { reasonWords } from '../sessions/endings.ts'
import type { HistoryRow } from './historyRow.ts'

/** What happened in plain words, and what more there is to say. */
export interface HistoryLine {
  readonly what: string
  readonly more: string | null
}

type Words = (row: HistoryRow) => string | HistoryLine

const words: Readonly<Record<string, Words>> = {
  'session.started': row => said(row, `Started ${by(row)}`),
  'session.ended': ended,
  'session.archived': row => ({ what: `Archived ${by(row)}`, more: null }),
  'session.reopened': row => said(row, `Reopened ${by(row)}`),
  'session.reopen_failed': row => ({ what: 'Could not be brought back', more: row.reason }),
  'session.interrupted': row => ({ what: 'Interrupted', more: reasonWords(row.reason) ?? 'Its process ended without a word' }),
  'session.renamed': renamed,
  'session.deleted': row => said(row, `Deleted ${by(row)}`),
  'session.merged': row => said(row, `Merged with another session ${by(row)}`),
  'session.noted': row => ({ what: row.subject ?? 'Noted', more: row.reason }),
  'permission.approved': row => said(row, `Approved ${row.subject ?? 'a request'} ${by(row)}`),
  'permission.denied': row => said(row, `Denied ${row.subject ?? 'a request'} ${by(row)}`),
  'config.changed': changed,
  'process.stopped': stopped,
  'process.died': row => ({ what: 'Its process was found dead', more: row.reason }),
  'runner.started': row => said(row, 'The runner started'),
  'runner.stopped': row => said(row, 'The runner stopped'),
  'machine.renamed': renamed,
}

/** A kind that is not known here is shown by its name: a history hides nothing. */
export function lineOf(row: HistoryRow): HistoryLine {
  const line = lookup(words, row.kind)?.(row)
  if (line === undefined) return { what: row.kind, more: [row.subject, row.reason, by(row)].filter(Boolean).join(' · ') || null }
  const { what, more } = typeof line === 'string' ? { what: line, more: null } : line
  return { what: what.replaceAll(/\s+/g, ' ').trim(), more }
}

/** Who, as the end of a sentence. A device is where a person was; the session's own word needs no naming. */
export function by({ actor, channel }: HistoryRow): string {
  const { kind, name } = actor
  switch (kind) {
    case 'device':
      return `on ${name ?? 'a device'}`
    case 'user':
      if (name === 'terminal') return 'at its terminal'
      return `by ${!name || name === 'owner' ? 'the owner' : name}${channel === 'cli' ? ' from the command line' : ''}`
    case 'runner':
      return name && name !== 'runner' ? `by the runner on ${name}` : 'by the runner'
    case 'hub':
      return 'by the hub'
    case 'cli':
      return name ? `from the command line on ${name}` : 'from the command line'
    case 'agent':
      return 'by the agent'
    case 'session':
    case '':
      return ''
    default:
      return `by ${name ?? kind}`
  }
}

function said(row: HistoryRow, what: string): HistoryLine {
  return { what, more: row.reason }
}

const byAPerson = 'User terminated'

function ended(row: HistoryRow): HistoryLine {
  if (row.reason === byAPerson) return { what: `Ended ${by(row)}`, more: null }
  const why = reasonWords(row.reason)
  return { what: why ?? `Ended ${by(row)}`, more: null }
}

function renamed(row: HistoryRow): HistoryLine {
  const name = text(row.after, 'name', 'displayName')
  const before = text(row.before, 'name', 'displayName')
  if (row.subject === 'summary') return { what: `Title written ${by(row)}`, more: null }
  return { what: name ? `Renamed to “${name}” ${by(row)}` : `Name removed ${by(row)}`, more: before ? `Before: “${before}”` : null }
}

const settings: Readonly<Record<string, string>> = {
  permissionMode: 'Mode',
  model: 'Model',
  effort: 'Effort',
  modelReasoningEffort: 'Reasoning effort',
}

function changed(row: HistoryRow): HistoryLine {
  const parts = Object.entries(row.after ?? {}).map(([key, value]) => `${lookup(settings, key) ?? key} set to ${shown(value)}`)
  return { what: `${parts.join(', ') || `Setting ${row.subject ?? ''} changed`} ${by(row)}`, more: row.reason }
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value : value === null || value === undefined ? 'its default' : JSON.stringify(value)
}

const outcomes: Readonly<Record<string, string>> = {
  accepted: 'It ended by itself when asked',
  terminated: 'It had to be told twice',
  killed: 'It did not answer and was killed',
  already_gone: 'It was gone already',
  still_alive: 'It could not be stopped',
}

function stopped(row: HistoryRow): HistoryLine {
  const outcome = text(row.after, 'outcome')
  const whose = row.actor.kind === 'runner' ? '' : by(row)
  return { what: `${reasonWords(row.reason) ?? 'Stopped by the runner'}${whose ? `, asked ${whose}` : ''}`, more: outcome ? (lookup(outcomes, outcome) ?? outcome) : null }
}
