import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { ChatMessage } from '../contracts.ts'

let disk = new Map<string, string>()

beforeEach(() => {
  vi.useFakeTimers()
  vi.resetModules()
  disk = new Map()
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => disk.get(key) ?? null,
    setItem: (key: string, value: string) => void disk.set(key, value),
    removeItem: (key: string) => void disk.delete(key),
  })
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

test('what is typed is on disk within 300 ms, and is there after a restart', async () => {
  const before = await import('./drafts.ts')
  before.writeDraft('s', 'half a th')
  before.writeDraft('s', 'half a thought')
  vi.advanceTimersByTime(300)
  vi.resetModules()
  const after = await import('./drafts.ts')
  expect(after.readDraft('s')).toBe('half a thought')
})

test('a page that is hidden saves at once', async () => {
  const { saveDrafts, writeDraft } = await import('./drafts.ts')
  writeDraft('s', 'x')
  saveDrafts()
  expect(disk.get('hapi:draft:s')).toBe('"x"')
})

test('text comes back only into an empty composer', async () => {
  const { giveBack, onGivenBack, readDraft, writeDraft } = await import('./drafts.ts')
  const given: string[] = []
  onGivenBack('s', text => void given.push(text))
  expect(giveBack('s', 'old')).toBe(true)
  expect(given).toEqual(['old'])
  writeDraft('s', 'typed since')
  expect(giveBack('s', 'old')).toBe(false)
  expect(readDraft('s')).toBe('typed since')
})

test('a prompt that was stopped before the agent took it comes back', async () => {
  const { readDraft, restoreAborted } = await import('./drafts.ts')
  const row: ChatMessage = { id: 'm', seq: 1, localId: null, createdAt: 1, invokedAt: 1, scheduledAt: null, content: { role: 'agent', content: { id: 'e', type: 'event', data: { type: 'abort-restore', text: 'again' } } } }
  restoreAborted('s', row)
  expect(readDraft('s')).toBe('again')
})

test('a full disk loses nothing that is on the screen', async () => {
  vi.stubGlobal('localStorage', { getItem: () => null, setItem: () => { throw new Error('QuotaExceeded') }, removeItem: () => undefined })
  const { readDraft, writeDraft } = await import('./drafts.ts')
  writeDraft('s', 'x')
  expect(readDraft('s')).toBe('x')
  vi.advanceTimersByTime(300)
})
