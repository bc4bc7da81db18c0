import { expect, test } from 'vitest'
import type { ChatMessage } from '../contracts.ts'
import { emptyTimeline, extend } from '../blocks/timeline.ts'
import { divide, itemsOf, unseen, withLiveText } from './items.ts'

let seq = 0
function row(content: unknown, extra: Partial<ChatMessage> = {}): ChatMessage {
  seq++
  return { id: `m${seq}`, seq, localId: null, content, createdAt: seq * 10, invokedAt: seq * 10, scheduledAt: null, ...extra }
}
const agent = (data: unknown) => row({ role: 'agent', content: { type: 'codex', data } })
const call = (callId: string) => agent({ type: 'tool-call', callId, name: 'Bash', input: {} })
const timeline = (...rows: ChatMessage[]) => extend(emptyTimeline, rows)
const nobody = new Set<string>()

test('calls that follow each other stand together', () => {
  const items = itemsOf(timeline(call('a'), call('b'), agent({ type: 'message', message: 'x', id: 't' }), call('c')).blocks, nobody)
  expect(items.map(item => (item.kind === 'tools' ? item.tools.length : item.kind))).toEqual([2, 'block', 1])
})

test('a call that waits for a person is shown by its card alone', () => {
  expect(itemsOf(timeline(call('a'), call('b')).blocks, new Set(['b']))).toMatchObject([{ kind: 'tools', tools: [{ callId: 'a' }] }])
})

test('text shows while it is written, and once when it has settled', () => {
  const live = [{ id: 't', kind: 'text' as const, text: 'so f' }]
  expect(withLiveText(emptyTimeline, live)).toMatchObject([{ id: 'text:t', text: 'so f', live: true }])
  const settled = timeline(agent({ type: 'message', message: 'so far', id: 't' }))
  expect(withLiveText(settled, live)).toBe(settled.blocks)
})

test('what a sub-agent writes shows under its call', () => {
  const blocks = withLiveText(timeline(call('task')), [{ id: 'x', kind: 'text', text: 'in', parent: 'task' }])
  expect(blocks).toMatchObject([{ kind: 'tool', children: [{ text: 'in' }] }])
})

test('a message written during a turn waits in the queue; one that begins a turn stands in the thread', () => {
  const waiting = (createdAt: number, extra: Partial<ChatMessage> = {}) => row({ role: 'user', content: 'x' }, { localId: `l${seq}`, createdAt, invokedAt: null, ...extra })
  const [begins, during, refused] = [waiting(100), waiting(300), waiting(300, { delivery: { state: 'refused', at: 1 } })]
  const divided = divide([begins, during, refused], { thinking: true, activeTurnStartedAt: 200 })
  expect(divided).toEqual({ thread: [begins, refused], queue: [during] })
  expect(divide([begins, during], { thinking: false, activeTurnStartedAt: null }).queue).toEqual([])
})

test('a message written in the same breath as the one before waits in the queue once that one has begun the turn', () => {
  const [first, second] = [100, 101].map(createdAt => row({ role: 'user', content: 'x' }, { localId: `b${createdAt}`, createdAt, invokedAt: null }))
  const turn = { thinking: true, activeTurnStartedAt: 200 }
  if (!first || !second) throw new Error('two rows')
  expect(divide([first, second], turn)).toEqual({ thread: [first, second], queue: [] })
  const begun = { ...first, invokedAt: 210 }
  expect(divide([begun, second], turn)).toEqual({ thread: [begun], queue: [second] })
})

test('rows are counted from the last one that was seen', () => {
  const items = itemsOf(timeline(call('a'), agent({ type: 'message', message: 'x', id: 'p' }), call('b')).blocks, nobody)
  expect(unseen(items, 'tool:a')).toBe(2)
  expect(unseen(items, 'not there')).toBe(0)
  expect(unseen(items, null)).toBe(0)
})
