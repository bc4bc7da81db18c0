import { expect, test } from 'vitest'
import { daysOf } from './days.ts'
import { readRow, type HistoryRow } from './historyRow.ts'
import { lineOf } from './historyWords.ts'
import { readPage } from './pages.ts'

const row = (more: Partial<HistoryRow>): HistoryRow => ({
  seq: 1, at: 0, kind: 'session.ended', actor: { kind: 'session', name: null }, channel: 'link', subject: null, reason: null, before: null, after: null, ...more,
})
const iPhone = { kind: 'device', name: 'iPhone' }
const owner = { kind: 'user', name: null }
const runner = { kind: 'runner', name: null }

test.each<[string, Partial<HistoryRow>]>([
  ['Stopped by the runner', { reason: 'Stopped by runner' }],
  ['Ended by a restart of its service', { reason: 'Hub restart' }],
  ['Ended on iPhone', { reason: 'User terminated', actor: iPhone }],
  ['Ended at its terminal', { reason: 'User terminated', actor: { kind: 'user', name: 'terminal' }, channel: 'signal' }],
  ['Ended', {}],
  ['Something an agent said', { reason: 'Something an agent said' }],
  ['Approved Bash on iPhone', { kind: 'permission.approved', subject: 'Bash', actor: iPhone, channel: 'web' }],
  ['Denied Edit by the owner', { kind: 'permission.denied', subject: 'Edit', actor: owner, channel: 'web' }],
  ['Denied a request by the owner from the command line', { kind: 'permission.denied', actor: owner, channel: 'cli' }],
  ['Renamed to “The shed” by the owner', { kind: 'session.renamed', after: { name: 'The shed' }, actor: owner }],
  ['Mode set to plan on iPhone', { kind: 'config.changed', after: { permissionMode: 'plan' }, actor: iPhone }],
  ['Model set to its default by the owner', { kind: 'config.changed', after: { model: null }, actor: owner }],
  ['Started by the runner', { kind: 'session.started', actor: runner }],
  ['Archived by the hub', { kind: 'session.archived', actor: { kind: 'hub', name: null } }],
  ['Stopped by the runner', { kind: 'process.stopped', reason: 'Stopped by runner', actor: runner }],
  ['Stopped by the runner, asked on iPhone', { kind: 'process.stopped', reason: 'Stopped by runner', actor: iPhone }],
  ['Interrupted', { kind: 'session.interrupted' }],
  ['Could not be brought back', { kind: 'session.reopen_failed', reason: 'The folder is gone.' }],
  ['something.new', { kind: 'something.new' }],
  ['constructor', { kind: 'constructor' }],
])('%s', (what, more) => expect(lineOf(row(more)).what).toBe(what))

test('a kind that is not known tells all it has', () => {
  expect(lineOf(row({ kind: 'something.new', subject: 'it', reason: 'because', actor: iPhone })).more).toBe('it · because · on iPhone')
})

test('what has not the shape of a row is left out, what is missing in one is not made up', () => {
  expect(readPage({ acts: [{ seq: 2, at: 5, kind: 'x.y', actor: null }, 7, {}], nextBefore: 2 })).toEqual({
    rows: [row({ seq: 2, at: 5, kind: 'x.y', actor: { kind: '', name: null }, channel: null })],
    next: 2,
  })
  expect(readPage(null)).toEqual({ rows: [], next: null })
  expect(readRow({ seq: 1 })).toBeNull()
})

test('what was told late stands at the time it happened', () => {
  expect(readRow({ seq: 1, at: 900_000, kind: 'session.ended', after: { happenedAt: 5 } })?.at).toBe(5)
})

test('rows stand under their day', () => {
  const noon = new Date(2026, 2, 10, 12).getTime()
  const days = daysOf([row({ at: noon }), row({ at: noon - 3_600_000 }), row({ at: noon - 24 * 3_600_000 }), row({ at: noon - 72 * 3_600_000 })], noon)
  expect(days.map(day => day.rows.length)).toEqual([2, 1, 1])
  expect(days.map(day => day.name).slice(0, 2)).toEqual(['Today', 'Yesterday'])
})
