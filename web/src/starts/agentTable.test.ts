import { expect, test } from 'vitest'
import { offersOf } from './agentTable.ts'

test('what a runner tells decides; the table only fills in', () => {
  const [claude, other] = offersOf([
    { flavor: 'claude', fields: ['permission'], modes: [], models: [] },
    { flavor: 'new-one', fields: null, modes: [{ id: 'x', label: 'X' }], models: [] },
  ])
  expect(claude?.modes.length).toBeGreaterThan(0)
  expect(claude?.models).toEqual([])
  expect(other).toEqual({ flavor: 'new-one', modes: [{ id: 'x', label: 'X' }], models: [], needsCommand: false })
})

test('a runner that tells nothing has what everybody has', () => {
  expect(offersOf(null).map(offer => offer.flavor)).toContain('claude')
})
