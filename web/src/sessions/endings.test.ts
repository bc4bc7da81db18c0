import { expect, test } from 'vitest'
import { endingOf, reopenErrorOf } from './endings.ts'

test.each<[string | null, boolean, string, string | null]>([
  ['Hub restart', true, 'Interrupted', 'Ended by a restart of its service'],
  ['Stopped by runner', false, 'Ended', 'Stopped by the runner'],
  ['User terminated', false, 'Archived', 'You ended it'],
  ['Session crashed', false, 'Ended', 'Its process crashed'],
  ['Local launch failed: no such program', false, 'Ended', 'The agent could not be started: no such program'],
  ['Archived from hub (CLI unreachable)', false, 'Archived', 'Archived while its machine could not be reached'],
  ['Pi process exited with code 3', false, 'Ended', 'Pi process exited with code 3'],
  ['constructor', false, 'Ended', 'constructor'],
  [null, true, 'Interrupted', 'Its process ended without a word'],
  [null, false, 'Ended', null],
])('%s (interrupted: %s) reads as %s: %s', (archiveReason, interrupted, word, why) => {
  expect(endingOf(interrupted, { archiveReason })).toMatchObject({ word, why })
})

test('nonsense is no reason', () => {
  expect(endingOf(undefined, null)).toMatchObject({ word: 'Ended', why: null })
  expect(endingOf(false, { archiveReason: 7 })).toMatchObject({ word: 'Ended', why: null })
})

test('why a session could not be reopened is read from its record', () => {
  expect(reopenErrorOf({ reopenError: { message: 'no machine', at: 1 } })).toBe('no machine')
  expect(reopenErrorOf({ reopenError: 7 })).toBeNull()
  expect(reopenErrorOf(null)).toBeNull()
})
