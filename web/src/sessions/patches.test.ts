import { expect, test } from 'vitest'
import type { Session } from '../contracts.ts'
import { applyPatch, replaceSession } from './patches.ts'
import { patchSummary, summarize } from './summaries.ts'
import { sectionsOf, statusOfRow } from './statuses.ts'

const session: Session = {
  id: 's', namespace: 'n', seq: 1, createdAt: 0, updatedAt: 100, pinned: false, globalPinned: false, active: true, activeAt: 1_000,
  metadata: { path: '/repo/shop', host: 'box' }, metadataVersion: 3, agentState: { requests: {} }, agentStateVersion: 5, thinking: false,
  thinkingAt: 0, activeTurnStartedAt: null, backgroundTaskCount: 0, todosUpdatedAt: 0, teamStateUpdatedAt: 0, model: null,
  modelReasoningEffort: null, effort: null, serviceTier: null, liveness: { state: 'connected', since: 0 },
}
const asking = (version: number, ...ids: string[]) => ({
  agentState: { version, value: { requests: Object.fromEntries(ids.map(id => [id, { tool: 'Bash', arguments: {}, createdAt: 1 }])) } },
})

test('the last plain value wins', () => {
  expect(applyPatch(applyPatch(session, { thinking: true, model: 'a' }), { model: 'b' })).toMatchObject({ thinking: true, model: 'b' })
})

test('only a newer version of a part counts', () => {
  const newer = applyPatch(session, asking(6, 'x'))
  expect(newer.agentStateVersion).toBe(6)
  expect(applyPatch(newer, asking(6, 'y'))).toBe(newer)
  expect(applyPatch(newer, asking(5, 'y'))).toBe(newer)
})

test('activity never goes back', () => {
  expect(applyPatch(session, { updatedAt: 50 })).toBe(session)
  expect(applyPatch(session, { updatedAt: 150 }).updatedAt).toBe(150)
})

test('a keep-alive within a minute changes nothing', () => {
  expect(applyPatch(session, { active: true, activeAt: 40_000, thinking: false })).toBe(session)
  expect(applyPatch(session, { activeAt: 90_000 }).activeAt).toBe(90_000)
})

test('to-dos that were absent begin at version nought', () => {
  const todos = [{ content: 'a', status: 'pending' as const, priority: 'low' as const, id: '1' }]
  expect(applyPatch(session, { todos: { version: 1, value: todos } })).toMatchObject({ todos, todosUpdatedAt: 1 })
})

test('a link that is gone makes the session unreachable, not ended', () => {
  expect(applyPatch(session, { active: false }).liveness?.state).toBe('unreachable')
})

test('a whole session does not bring back an answered request', () => {
  const answered = applyPatch(session, asking(9))
  const late = { ...session, agentState: asking(8, 'x').agentState.value, agentStateVersion: 8 }
  expect(replaceSession(answered, late)).toMatchObject({ agentStateVersion: 9, agentState: { requests: {} } })
})

test('the row of the list follows its session', () => {
  const row = summarize(session)
  const asked = patchSummary(row, asking(6, 'x'))
  expect(asked).toMatchObject({ pendingRequestsCount: 1, pendingRequestKinds: ['permission'] })
  expect(statusOfRow(asked)).toBe('needs-you')
  expect(patchSummary(asked, { activeAt: 5 })).toBe(asked)
})

test('a session stands where it needs to be seen', () => {
  const row = summarize(session)
  const ended = { ...row, id: 'e', active: false, liveness: { state: 'ended' as const, since: 0 } }
  const away = { ...row, id: 'a', active: false, liveness: { state: 'unreachable' as const, since: 0 } }
  const asking1 = { ...patchSummary(row, asking(6, 'x')), id: 'q' }
  const working = { ...row, id: 'w', thinking: true }
  expect(sectionsOf([ended, away, row, working, asking1]).map(s => [s.id, s.rows.map(r => r.id)])).toEqual([
    ['needs-you', ['q']],
    ['working', ['w']],
    ['idle', ['a', 's']],
    ['ended', ['e']],
  ])
})

test('what a session asks does not matter once it has ended', () => {
  const row = { ...patchSummary(summarize(session), asking(6, 'x')), active: false, liveness: { state: 'ended' as const, since: 0 } }
  expect(statusOfRow(row)).toBe('ended')
})
