import { expect, test } from 'vitest'
import type { SessionSummary } from '../contracts.ts'
import { completing, expandHome, join, recentFolders, suggestionsFor, within } from './folders.ts'

const row = (path: string, machineId: string, updatedAt: number, worktree?: unknown) => ({ updatedAt, metadata: { path, machineId, worktree } }) as unknown as SessionSummary

test('recent folders are those of the machine, newest first, each once; a worktree is its repository', () => {
  const rows = [row('/a', 'm', 1), row('/b', 'm', 3), row('/a', 'm', 2), row('/c', 'other', 9), row('/trees/x', 'm', 4, { basePath: '/b' })]
  expect(recentFolders(rows, 'm')).toEqual(['/b', '/a'])
})

test.each([
  ['~/code', '/home/me', '/home/me/code'],
  ['~', '/home/me', '/home/me'],
  ['~other/code', '/home/me', '~other/code'],
  [' /x ', null, '/x'],
])('%s with the home %s is %s', (path, home, expected) => expect(expandHome(path, home)).toBe(expected))

test.each<[string, ReturnType<typeof completing>]>([
  ['/home/me/co', { folder: '/home/me', start: 'co' }],
  ['/home/me/', { folder: '/home/me', start: '' }],
  ['/et', { folder: '/', start: 'et' }],
  ['C:\\co', { folder: 'C:\\', start: 'co' }],
  ['C:\\code\\sh', { folder: 'C:\\code', start: 'sh' }],
  ['code', null],
  ['', null],
])('%s is completed from %o', (path, expected) => expect(completing(path)).toEqual(expected))

test('a folder beside a root is not within it', () => {
  expect(within('/home/me/code', ['/home/me'])).toBe(true)
  expect(within('/home/me', ['/home/me'])).toBe(true)
  expect(within('/home/men', ['/home/me'])).toBe(false)
  expect(within('/x', [])).toBe(false)
})

test('names are joined with the separator of their folder', () => {
  expect([join('/', 'a'), join('/a', 'b'), join('C:\\', 'a'), join('C:\\a', 'b')]).toEqual(['/a', '/a/b', 'C:\\a', 'C:\\a\\b'])
})

test('recent folders come before what lies there, and nothing twice', () => {
  expect(suggestionsFor('', ['/b', '/a'], [])).toEqual(['/b', '/a'])
  expect(suggestionsFor('/a/s', ['/a/shop', '/b'], ['/a/shop', '/a/shed', '/a/other'])).toEqual(['/a/shop', '/a/shed'])
  expect(suggestionsFor('/a/shop', ['/a/shop'], ['/a/shop'])).toEqual([])
})
