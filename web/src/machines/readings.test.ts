import { expect, test } from 'vitest'
import type { Machine } from '../contracts.ts'
import { withMachine } from './queries.ts'
import { agentsOf, canRestart, canStart, healthOf, nameOf, rootsOf, runnerOf } from './readings.ts'

const machine = (more: Record<string, unknown> = {}): Machine => ({
  id: 'm-1234567890', namespace: 'n', seq: 1, createdAt: 0, updatedAt: 0, active: true, activeAt: 0, metadata: { host: 'box' }, metadataVersion: 1,
  runnerState: null, runnerStateVersion: 1, health: null, ...more,
})

test('a machine is called by the name a person gave, then by its host', () => {
  expect(nameOf(machine({ metadata: { host: 'box', displayName: 'The shed' } }))).toBe('The shed')
  expect(nameOf(machine())).toBe('box')
  expect(nameOf(machine({ metadata: null }))).toBe('m-123456')
})

test.each([
  [true, { status: 'running' }, 'running'],
  [true, { status: 'shutting-down' }, 'stopping'],
  [true, { status: 'offline' }, 'offline'],
  [true, null, 'offline'],
  [false, { status: 'running' }, 'offline'],
])('active %s with %j: its runner is %s', (active, runnerState, state) => {
  expect(runnerOf(machine({ active, runnerState })).state).toBe(state)
  expect(canStart(machine({ active, runnerState }))).toBe(state === 'running')
})

test('nonsense is read as nothing', () => {
  const odd = machine({ runnerState: { status: 7, lastSpawnError: 'x', capabilities: { agentConfigs: [1, { flavor: 2 }] } }, health: [], metadata: { host: 'h', workspaceRoots: [1, '/r'], supervisedRestart: 'yes' } })
  expect(runnerOf(odd)).toEqual({ state: 'offline', startedAt: null, lastError: null })
  expect([agentsOf(odd), healthOf(odd), rootsOf(odd), canRestart(odd)]).toEqual([null, null, ['/r'], false])
})

test('what a runner offers is read', () => {
  const known = machine({ runnerState: { status: 'running', capabilities: { agentConfigs: [{ flavor: 'claude', modes: [{ id: 'plan', label: 'Plan', tone: 'info' }] }, { flavor: 'demo', fields: [{ id: 'model' }, 3] }] } } })
  expect(agentsOf(known)).toEqual([
    { flavor: 'claude', fields: null, modes: [{ id: 'plan', label: 'Plan', tone: 'info' }], models: [] },
    { flavor: 'demo', fields: ['model'], modes: [], models: [] },
  ])
})

test('machines come, change and go', () => {
  const first = machine()
  const second = machine({ id: 'other' })
  expect(withMachine([first], second)).toEqual([first, second])
  expect(withMachine([first, second], machine({ updatedAt: 5 }))).toEqual([machine({ updatedAt: 5 }), second])
  expect(withMachine([first, second], machine({ active: false }))).toEqual([second])
})
