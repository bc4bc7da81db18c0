import { describe, expect, test } from 'vitest'
import type { ChatMessage } from '../contracts.ts'
import type { Block } from './block.ts'
import { emptyTimeline, extend } from './timeline.ts'

let seq = 0
function row(content: unknown, extra: Partial<ChatMessage> = {}): ChatMessage {
  seq++
  return { id: `m${seq}`, seq, localId: null, content, createdAt: seq * 10, invokedAt: seq * 10, scheduledAt: null, ...extra }
}
const agent = (data: unknown) => row({ role: 'agent', content: { type: 'codex', data }, meta: { sentFrom: 'cli' } })
const event = (data: unknown) => row({ role: 'agent', content: { id: 'e', type: 'event', data } })
const log = (data: unknown) => row({ role: 'agent', content: { type: 'output', data } })
const user = (text: string) => row({ role: 'user', content: { type: 'text', text }, meta: { sentFrom: 'webapp' } })
const call = (callId: string, name: string, input: unknown = {}, more: object = {}) => agent({ type: 'tool-call', callId, name, input, ...more })
const result = (callId: string, output: unknown, failed = false) => agent({ type: 'tool-call-result', callId, output, is_error: failed })
const trace = (cardId: string, message: unknown) => agent({ type: 'agent-run-trace', cardId, agentId: cardId, message })

const blocks = (...rows: ChatMessage[]) => extend(emptyTimeline, rows).blocks
/** What a reader sees, without times and ids. */
function seen(all: readonly Block[]): unknown[] {
  return all.map(block => {
    switch (block.kind) {
      case 'tool':
        return { tool: block.name, state: block.state, ...(block.run ? { run: block.run.status } : {}), ...(block.children.length > 0 ? { children: seen(block.children) } : {}) }
      case 'plan':
        return { plan: block.steps.map(step => `${step.status}: ${step.content}`) }
      case 'note':
        return { [block.tone]: block.text }
      case 'image':
        return { image: block.fileName }
      default:
        return { [block.kind]: block.text }
    }
  })
}

describe('what each row says', () => {
  const cases: [string, ChatMessage[], unknown[]][] = [
    ['a person', [user('hi')], [{ user: 'hi' }]],
    ['a person, as a plain string', [row({ role: 'user', content: 'hi' })], [{ user: 'hi' }]],
    ['an envelope in an envelope', [row({ data: { message: { role: 'user', content: 'hi' } } })], [{ user: 'hi' }]],
    ['a user payload nobody knows', [row({ role: 'user', content: { a: 1 } })], [{ user: '{\n  "a": 1\n}' }]],
    ['terminal output', [row({ role: 'user', content: '<command-name>/cost</command-name>\n<local-command-stdout>$1</local-command-stdout>', meta: { sentFrom: 'cli' } })], [{ terminal: '/cost\n$1' }]],
    ['text and reasoning', [agent({ type: 'reasoning', message: 'hm', id: 'r' }), agent({ type: 'message', message: 'so', id: 't' })], [{ reasoning: 'hm' }, { text: 'so' }]],
    ['a snapshot that grows', [agent({ type: 'message', message: 'a', id: 't' }), user('x'), agent({ type: 'message', message: 'ab', id: 't' })], [{ text: 'ab' }, { user: 'x' }]],
    ['a call and its result', [call('c', 'Bash'), result('c', 'ok')], [{ tool: 'Bash', state: 'done' }]],
    ['a result before its call', [result('c', 'no', true), call('c', 'Bash')], [{ tool: 'Bash', state: 'failed' }]],
    ['a name that comes later', [call('c', 'other'), call('c', 'Bash'), call('c', 'tool')], [{ tool: 'Bash', state: 'running' }]],
    ['a call that says it failed', [call('c', 'Bash', {}, { status: 'failed' })], [{ tool: 'Bash', state: 'failed' }]],
    ['plans overwrite each other', [agent({ type: 'plan', entries: [{ content: 'a', status: 'pending' }] }), agent({ type: 'plan', entries: [{ content: 'a', status: 'done' }, 'b'] })], [{ plan: ['completed: a', 'pending: b'] }]],
    ['an error of the agent', [agent({ type: 'error', message: 'gone' })], [{ error: 'gone' }]],
    ['an image', [agent({ type: 'generated-image', imageId: 'i', fileName: 'a.png' })], [{ image: 'a.png' }]],
    ['ready and tokens say nothing', [event({ type: 'ready' }), agent({ type: 'token_count', info: { last: { inputTokens: 1 } } })], []],
    ['a generic type nobody knows says nothing', [agent({ type: 'from-the-future' })], []],
    ['retries fold into the last', [event({ type: 'api-error', retryAttempt: 1, maxRetries: 3 }), event({ type: 'api-error', retryAttempt: 2, maxRetries: 3 })], [{ warning: 'The model service failed, trying again (2 of 3)' }]],
    ['the same line twice is one', [event({ type: 'message', message: 'Stopped' }), event({ type: 'message', message: 'Stopped' })], [{ quiet: 'Stopped' }]],
    ['the same line later is another', [event({ type: 'message', message: 'Stopped' }), user('go'), event({ type: 'message', message: 'Stopped' })], [{ quiet: 'Stopped' }, { user: 'go' }, { quiet: 'Stopped' }]],
    ['a turn that was measured', [event({ type: 'turn-duration', durationMs: 61_000, costUsd: 0.5 })], [{ quiet: 'Worked for 1 min 1 s · $0.50' }]],
    ['no envelope at all', [row({ hello: 1 })], [{ unknown: '{\n  "hello": 1\n}' }]],
    ['nothing at all', [row(null)], [{ unknown: 'null' }]],
    ['a role nobody knows', [row({ role: 'ghost', content: 'boo' })], [{ unknown: 'boo' }]],
    ['an agent payload nobody knows', [row({ role: 'agent', content: { type: 'x', data: {} } })], [{ unknown: '{\n  "type": "x",\n  "data": {}\n}' }]],
    ['an event without a type', [event({ a: 1 })], [{ unknown: '{\n  "a": 1\n}' }]],
    ['a summary of what was compacted', [event({ type: 'compact-summary', summary: 'before' })], [{ summary: 'before' }]],
    ["Claude's log: text, thought, call and result", [
      log({ type: 'assistant', uuid: 'u', message: { content: [{ type: 'thinking', thinking: 'hm' }, { type: 'text', text: 'so' }, { type: 'tool_use', id: 'c', name: 'Bash', input: {} }] } }),
      log({ type: 'user', uuid: 'v', message: { content: [{ type: 'tool_result', tool_use_id: 'c', content: 'ok' }] } }),
    ], [{ reasoning: 'hm' }, { text: 'so' }, { tool: 'Bash', state: 'done' }]],
    ["Claude's log: hidden entries", [log({ type: 'assistant', isMeta: true }), log({ type: 'system', subtype: 'init' }), log({ type: 'rate_limit_event' }), log({ type: 'summary', summary: 'A title' })], []],
    ["Claude's log: an entry nobody knows", [log({ type: 'novel' })], [{ unknown: '{\n  "type": "novel"\n}' }]],
    ["Claude's log: a sub-agent under its call", [
      log({ type: 'assistant', message: { content: [{ type: 'tool_use', id: 'task', name: 'Task', input: {} }] } }),
      log({ type: 'assistant', isSidechain: true, parentToolUseId: 'task', message: { content: [{ type: 'text', text: 'inside' }] } }),
    ], [{ tool: 'Task', state: 'running', children: [{ text: 'inside' }] }]],
  ]
  test.each(cases)('%s', (_, rows, expected) => expect(seen(blocks(...rows))).toEqual(expected))
})

describe('sub-agents', () => {
  const start = (cardId: string, more: object = {}) => agent({ type: 'agent-run-start', cardId, agentId: cardId, input: {}, status: 'running', summary: 'look', ...more })
  const update = (cardId: string, status: string, more: object = {}) => agent({ type: 'agent-run-update', cardId, agentId: cardId, status, ...more })

  test('the call, its run and what it does are one card', () => {
    const all = blocks(call('t', 'Task'), start('t'), trace('t', { type: 'tool-call', callId: 'k', name: 'Read', input: {} }), trace('t', { type: 'tool-call-result', callId: 'k', output: '' }), update('t', 'completed', { result: 'fine' }))
    expect(seen(all)).toEqual([{ tool: 'Task', state: 'done', run: 'completed', children: [{ tool: 'Read', state: 'done' }] }])
  })

  test('a trace whose call is on an older page has a card of its own, and joins the call later', () => {
    const inside = trace('t', { type: 'message', message: 'inside', id: 'x' })
    expect(seen(blocks(inside))).toEqual([{ tool: 'Task', state: 'running', run: 'running', children: [{ text: 'inside' }] }])
    expect(seen(blocks(call('t', 'Agent'), inside))).toMatchObject([{ tool: 'Agent', children: [{ text: 'inside' }] }])
  })

  test('a run that has ended is not brought back to life', () => {
    expect(seen(blocks(start('t'), update('t', 'failed', { error: 'no' }), update('t', 'running')))).toEqual([{ tool: 'Task', state: 'failed', run: 'failed' }])
    expect(seen(blocks(start('t'), update('t', 'completed'), update('t', 'running')))).toEqual([{ tool: 'Task', state: 'done', run: 'completed' }])
  })

  test('a sub-agent of a sub-agent stands under it', () => {
    const all = blocks(start('a'), start('b', { parentCardId: 'a' }), trace('b', { type: 'message', message: 'deep', id: 'd' }))
    expect(seen(all)).toEqual([{ tool: 'Task', state: 'running', run: 'running', children: [{ tool: 'Task', state: 'running', run: 'running', children: [{ text: 'deep' }] }] }])
  })

  test('what claims to be under itself does no harm', () => {
    expect(seen(blocks(start('a', { parentCardId: 'a' }), trace('a', { type: 'tool-call', callId: 'a', name: 'X', input: {} })))).toHaveLength(1)
  })

  test('the tokens of a sub-agent are not those of the conversation', () => {
    const own = agent({ type: 'token_count', model: 'm', info: { last: { inputTokens: 5, outputTokens: 1 }, contextTokens: 5, modelContextWindow: 100 } })
    const child = agent({ type: 'token_count', scopeRole: 'child', info: { last: { inputTokens: 900 } } })
    expect(extend(emptyTimeline, [own, child]).usage).toMatchObject({ contextTokens: 5, contextWindow: 100, model: 'm' })
  })
})

describe('growing', () => {
  const rows = [
    user('go'), agent({ type: 'reasoning', message: 'hm', id: 'r' }), call('a', 'Bash'), result('a', '1'), event({ type: 'message', message: 'x' }), event({ type: 'message', message: 'x' }),
    call('t', 'Task'), trace('t', { type: 'message', message: 'in', id: 'i' }), agent({ type: 'message', message: 'v1', id: 's' }), result('t', 'ok'), agent({ type: 'message', message: 'v2', id: 's' }), event({ type: 'ready' }),
  ]

  test('row by row gives the same as all at once, wherever it is cut', () => {
    const whole = extend(emptyTimeline, rows).blocks
    for (let cut = 0; cut <= rows.length; cut++) expect(extend(extend(emptyTimeline, rows.slice(0, cut)), rows).blocks).toEqual(whole)
    let stepwise = emptyTimeline
    for (let n = 1; n <= rows.length; n++) stepwise = extend(stepwise, rows.slice(0, n))
    expect(stepwise.blocks).toEqual(whole)
  })

  test('what has been given out is never changed', () => {
    const early = extend(emptyTimeline, rows.slice(0, 9))
    const copy = structuredClone(early.blocks)
    extend(early, rows)
    expect(early.blocks).toEqual(copy)
  })

  test('a new row leaves every other block as it is', () => {
    const before = extend(emptyTimeline, rows)
    const after = extend(before, [...rows, user('more')])
    expect(after.blocks.slice(0, -1).every((block, i) => block === before.blocks[i])).toBe(true)
  })

  test('older rows in front leave the blocks that follow as they are', () => {
    const before = extend(emptyTimeline, rows)
    const after = extend(before, [user('earlier'), ...rows])
    expect(after.blocks.slice(1).every((block, i) => block === before.blocks[i])).toBe(true)
  })

  test('a text that grows stays where and when it began', () => {
    const [first, second] = [agent({ type: 'message', message: 'a', id: 'g' }), agent({ type: 'message', message: 'ab', id: 'g' })]
    expect(blocks(first, second)).toMatchObject([{ text: 'ab', at: first.createdAt }])
  })

  test('no new row is no change at all', () => {
    const before = extend(emptyTimeline, rows)
    expect(extend(before, rows)).toBe(before)
  })
})
