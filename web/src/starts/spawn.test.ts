import { expect, test } from 'vitest'
import type { SpawnSessionResponse } from '../contracts.ts'
import { readStarted, wordsOf } from './spawn.ts'

test.each<[SpawnSessionResponse, ReturnType<typeof readStarted>]>([
  [{ type: 'success', sessionId: 's' }, { sessionId: 's' }],
  [{ type: 'error', message: 'outside', code: 'directory_outside_roots' }, { field: 'folder', message: 'outside', missing: false }],
  [{ type: 'error', message: 'no git', code: 'worktree_failed' }, { field: 'worktree', message: 'no git', missing: false }],
  [{ type: 'error', message: 'which?', code: 'agent_unknown' }, { field: 'agent', message: 'which?', missing: false }],
  [{ type: 'error', message: 'too slow', code: 'report_timeout' }, { field: 'form', message: 'too slow', missing: false }],
  [{ type: 'error', message: 'The directory /x does not exist.', code: 'directory_missing', directory: '/x' }, { field: 'folder', message: 'There is no such folder.', missing: true }],
  [{ type: 'success' }, { field: 'form', message: 'The session did not start.', missing: false }],
])('%j', (answer, expected) => expect(readStarted(answer)).toEqual(expected))

test('a command line is a list of words', () => {
  expect(wordsOf(`  my-agent --acp "two words" 'and three words' `)).toEqual(['my-agent', '--acp', 'two words', 'and three words'])
  expect(wordsOf('')).toEqual([])
})
