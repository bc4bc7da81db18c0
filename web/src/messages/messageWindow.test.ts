import { expect, test } from 'vitest'
import type { ChatMessage, MessagePage } from '../contracts.ts'
import { emptyWindow, withConsumed, withDelivery, withLatest, withLive, withMessage, withNewer, withOlder, without } from './messageWindow.ts'

const row = (seq: number, at = seq * 10, extra: Partial<ChatMessage> = {}): ChatMessage => ({
  id: `m${seq}`, seq, localId: null, content: { seq }, createdAt: at, invokedAt: at, scheduledAt: null, ...extra,
})
const waiting = (seq: number, at = seq * 10) => row(seq, at, { localId: `l${seq}`, invokedAt: null })
function page(direction: MessagePage['page']['direction'], messages: ChatMessage[], info: Partial<MessagePage['page']> = {}): MessagePage {
  const [first, last] = [messages[0], messages.at(-1)]
  return {
    messages,
    page: {
      direction, limit: 50, epoch: 1, reset: false, hasMore: false,
      nextBeforeAt: first?.createdAt ?? null, nextBeforeSeq: first?.seq ?? null, nextAfterAt: last?.createdAt ?? null, nextAfterSeq: last?.seq ?? null,
      snapshotHeadAt: last?.createdAt ?? null, snapshotHeadSeq: last?.seq ?? null, ...info,
    },
  }
}
const ids = (window: { rows: readonly ChatMessage[] }) => window.rows.map(r => r.id)
const opened = withLatest(emptyWindow, page('latest', [row(3), row(4)], { hasMore: true }))

test('the newest page opens a conversation', () => {
  expect(opened).toMatchObject({ epoch: 1, hasOlder: true, older: { at: 30, seq: 3 }, newest: { at: 40, seq: 4 } })
})

test('older pages go in front', () => {
  const next = withOlder(opened, page('before', [row(1), row(2)]))
  expect(next && ids(next)).toEqual(['m1', 'm2', 'm3', 'm4'])
  expect(next?.hasOlder).toBe(false)
})

test('an older page of another epoch is not taken', () => {
  expect(withOlder(opened, page('before', [row(1)], { epoch: 2 }))).toBeNull()
})

test('a live message moves the cursor on and a repeated one changes nothing', () => {
  const next = withMessage(opened, row(5))
  expect(next.newest).toEqual({ at: 50, seq: 5 })
  expect(withMessage(next, row(5)).rows[2]).toBe(next.rows[2])
})

test('a message that came before the first page was read is kept, and so is its place', () => {
  const early = withMessage(emptyWindow, row(5))
  expect(early.newest).toBeNull()
  expect(ids(withLatest(early, page('latest', [row(3), row(4)])))).toEqual(['m3', 'm4', 'm5'])
})

test('a page that the epoch has reset replaces what was known', () => {
  const next = withNewer(opened, page('latest', [row(2, 15), row(4)], { epoch: 2, reset: true }))
  expect(ids(next)).toEqual(['m2', 'm4'])
  expect(next.epoch).toBe(2)
})

test('a queued message moves to where the agent got it', () => {
  const queued = withMessage(withMessage(opened, waiting(5)), row(6))
  const next = withConsumed(queued, ['l5'], 70)
  expect(ids(next)).toEqual(['m3', 'm4', 'm6', 'm5'])
  expect(next.rows.at(-1)).toMatchObject({ invokedAt: 70, delivery: { state: 'consumed' } })
  expect(withConsumed(next, ['l5'], 99).rows.at(-1)?.invokedAt).toBe(70)
})

test('a row that comes late does not undo that it was consumed', () => {
  const next = withMessage(withConsumed(withMessage(opened, waiting(5)), ['l5'], 70), waiting(5))
  expect(next.rows.at(-1)?.invokedAt).toBe(70)
})

test('a cancelled message goes by either of its ids', () => {
  const queued = withMessage(opened, waiting(5))
  expect(ids(without(queued, 'm5', null))).toEqual(['m3', 'm4'])
  expect(ids(without(queued, 'l5', null))).toEqual(['m3', 'm4'])
  expect(without(queued, 'zz', null)).toBe(queued)
})

test('a late "sent" does not cover that the agent has it', () => {
  const done = withConsumed(withMessage(opened, waiting(5)), ['l5'], 70)
  expect(withDelivery(done, 'm5', { state: 'sent', at: 71 }).rows.at(-1)?.delivery?.state).toBe('consumed')
})

test('a long conversation is cut at its beginning, but nothing that waits is', () => {
  let window = withMessage(withLatest(emptyWindow, page('latest', [row(1)])), waiting(2))
  for (let seq = 3; seq <= 700; seq++) window = withMessage(window, row(seq))
  expect(window.rows.length).toBeLessThanOrEqual(601)
  expect(window.hasOlder).toBe(true)
  expect(ids(window)).toContain('m2')
  expect(window.older).toEqual({ at: window.rows[1]?.createdAt, seq: window.rows[1]?.seq })
})

test('no news of live text is no change', () => {
  expect(withLive(opened, [])).toBe(opened)
})
