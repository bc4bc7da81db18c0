import { expect, test } from 'vitest'
import type { SessionSummary } from '../contracts.ts'
import { progressOf, type ReopenAll } from './interruptions.ts'
import { sectionsOf } from './statuses.ts'
import { patchSummary } from './summaries.ts'

const row = (id: string, more: Partial<SessionSummary> = {}): SessionSummary => ({
  id, active: false, thinking: false, activeAt: 0, updatedAt: 0, pinned: false, globalPinned: false,
  metadata: { path: '/p', flavor: 'demo', lifecycleState: 'archived' }, metadataVersion: 1, agentStateVersion: 1, todosUpdatedAt: 0, todoProgress: null,
  pendingRequestsCount: 0, pendingRequestKinds: [], pendingRequests: [], backgroundTaskCount: 0, futureScheduledMessageCount: 0, nextScheduledAt: null,
  model: null, effort: null, interrupted: true, liveness: { state: 'ended', since: 0 }, ...more,
})
const back = (id: string) => row(id, { active: true, interrupted: false, liveness: { state: 'connected', since: 1 } })
const failing = (id: string, at: number) => row(id, { metadata: { path: '/p', flavor: 'demo', reopenError: { at, message: 'no machine' } } })
const run: ReopenAll = { asked: new Map([['a', null], ['b', '1 no machine']]), error: null }

test('interrupted sessions have a section of their own, before those that ended', () => {
  expect(sectionsOf([row('a'), row('b', { interrupted: false }), back('c')]).map(section => section.id)).toEqual(['interrupted', 'idle', 'ended'])
})

test('a session that is back is interrupted no more', () => {
  expect(patchSummary(row('a'), { active: true }).interrupted).toBe(false)
  expect(patchSummary(row('a'), { active: false })).toEqual(row('a'))
})

test('what is back counts as it comes', () => {
  expect(progressOf(run, [row('a'), failing('b', 1)])).toMatchObject({ total: 2, back: 0, failed: [], running: true })
  expect(progressOf(run, [back('a'), failing('b', 1)])).toMatchObject({ back: 1, running: true })
  expect(progressOf(run, [back('a'), back('b')])).toMatchObject({ back: 2, running: false })
})

test('a failure counts when it is a new one, be it in the same words', () => {
  expect(progressOf(run, [row('a'), failing('b', 2)])).toMatchObject({ failed: [{ id: 'b' }], running: true })
  expect(progressOf(run, [back('a'), failing('b', 2)])).toMatchObject({ back: 1, failed: [{ id: 'b' }], running: false })
})

test('one that is deleted meanwhile holds nothing up', () => {
  expect(progressOf(run, [failing('b', 2)])).toMatchObject({ back: 1, running: false })
})
