import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { keepAccount } from '../accounts/account.ts'
import { tokens } from '../accounts/tokens.ts'
import type { ChatMessage, MessagePage } from '../contracts.ts'
import { catchUp, conversation, forgetConversations, loadOlder, needsCatchUp, takeMessageEvent } from './conversations.ts'

const row = (seq: number, extra: Partial<ChatMessage> = {}): ChatMessage => ({
  id: `m${seq}`, seq, localId: null, content: { seq }, createdAt: seq * 10, invokedAt: seq * 10, scheduledAt: null, ...extra,
})
const waiting = (seq: number) => row(seq, { localId: `l${seq}`, invokedAt: null })
function page(direction: 'latest' | 'before' | 'after', messages: ChatMessage[], info: Partial<MessagePage['page']> = {}): MessagePage {
  const [first, last] = [messages[0], messages.at(-1)]
  return {
    messages,
    page: {
      direction, limit: 80, epoch: 1, reset: false, hasMore: false, nextBeforeAt: first?.createdAt ?? null, nextBeforeSeq: first?.seq ?? null,
      nextAfterAt: last?.createdAt ?? null, nextAfterSeq: last?.seq ?? null, snapshotHeadAt: last?.createdAt ?? null, snapshotHeadSeq: last?.seq ?? null, ...info,
    },
  }
}

let asked: string[] = []
let answers: unknown[] = []
beforeEach(() => {
  asked = []
  answers = []
  keepAccount({ accessToken: 'a', deviceId: null })
  tokens.keep('h.e30.s')
  vi.stubGlobal('fetch', (path: string) => {
    asked.push(path.replace('/api/sessions/s/messages', ''))
    const answer = answers.shift()
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(Response.json(answer))
  })
})
afterEach(() => {
  forgetConversations()
  vi.unstubAllGlobals()
})

const ids = () => conversation('s').get().window.rows.map(r => r.id)
async function opened(...rows: ChatMessage[]) {
  answers.push(page('latest', rows, { hasMore: true }))
  await catchUp('s')
  asked = []
}

test('a conversation opens with its newest page', async () => {
  await opened(row(1), row(2))
  expect(ids()).toEqual(['m1', 'm2'])
  expect(needsCatchUp('s')).toBe(false)
})

test('what came since is read on, page after page, up to the head of the first answer', async () => {
  await opened(row(1))
  answers.push(page('after', [row(2)], { hasMore: true, snapshotHeadAt: 30, snapshotHeadSeq: 3 }), page('after', [row(3)]))
  await catchUp('s')
  expect(asked).toEqual(['?afterAt=10&afterSeq=1&epoch=1&limit=200', '?afterAt=20&afterSeq=2&epoch=1&limit=200&untilAt=30&untilSeq=3'])
  expect(ids()).toEqual(['m1', 'm2', 'm3'])
})

test('a cursor that does not move on is told, not followed for ever', async () => {
  await opened(row(1))
  answers.push(page('after', [], { hasMore: true, nextAfterAt: 10, nextAfterSeq: 1 }))
  await catchUp('s')
  expect(conversation('s').get().warning).toMatch(/twice/)
  expect(ids()).toEqual(['m1'])
})

test('what was consumed or taken back unseen is asked for', async () => {
  await opened(row(1), waiting(2), waiting(3), waiting(4))
  answers.push(page('after', []), { queuedLocalIds: ['l4'], indeterminateLocalIds: [], invokedLocalMessages: [{ localId: 'l2', invokedAt: 99 }] })
  await catchUp('s')
  expect(asked[1]).toBe('/queued-state')
  expect(conversation('s').get().window.rows.map(r => [r.id, r.invokedAt])).toEqual([['m1', 10], ['m4', null], ['m2', 99]])
})

test('a hub that is away leaves what is known, with a warning, and the next run clears it', async () => {
  await opened(row(1))
  answers.push(new TypeError('network'))
  await catchUp('s')
  expect(ids()).toEqual(['m1'])
  expect(needsCatchUp('s')).toBe(true)
  answers.push(page('after', []))
  await catchUp('s')
  expect(needsCatchUp('s')).toBe(false)
})

test('two calls at once are one run, and one more after it', async () => {
  await opened(row(1))
  answers.push(page('after', []), page('after', []))
  await Promise.all([catchUp('s'), catchUp('s'), catchUp('s')])
  expect(asked).toHaveLength(2)
})

test('an older page of another epoch makes the conversation begin anew', async () => {
  await opened(row(5))
  answers.push(page('before', [row(4)], { epoch: 2 }), page('latest', [row(6)], { epoch: 2 }))
  await loadOlder('s')
  expect(ids()).toEqual(['m6'])
  expect(conversation('s').get()).toMatchObject({ loadingOlder: false, window: { epoch: 2 } })
})

test('events of conversations that nobody has opened are let go', () => {
  takeMessageEvent({ type: 'message-received', sessionId: 'other', namespace: 'n', message: row(1) })
  expect(conversation('other').get().window.rows).toEqual([])
})

test('history that has changed is read anew', async () => {
  await opened(row(1))
  answers.push(page('latest', [row(7)], { epoch: 3 }))
  takeMessageEvent({ type: 'messages-invalidated', sessionId: 's', namespace: 'n' })
  await vi.waitFor(() => expect(ids()).toEqual(['m7']))
})
