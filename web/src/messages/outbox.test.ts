import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { keepAccount } from '../accounts/account.ts'
import { tokens } from '../accounts/tokens.ts'
import { outbox } from './outbox.ts'

let sent: { text: string; localId: string }[] = []
let answer: () => Response | Promise<Response>

beforeEach(() => {
  vi.useFakeTimers()
  sent = []
  answer = () => Response.json({ ok: true })
  keepAccount({ accessToken: 'a', deviceId: null })
  tokens.keep('h.e30.s')
  vi.stubGlobal('fetch', (_: string, init: RequestInit) => {
    sent.push(JSON.parse(String(init.body)) as { text: string; localId: string })
    return Promise.resolve(answer())
  })
})
afterEach(() => {
  outbox.clear()
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

const settle = () => vi.advanceTimersByTimeAsync(0)
const states = () => outbox.store.get().map(entry => entry.state)

test('a message shows at once, and goes when the hub shows it', async () => {
  outbox.send('s', 'hello', false)
  expect(states()).toEqual(['sending'])
  await settle()
  expect(states()).toEqual(['sent'])
  outbox.arrived('s', sent[0]?.localId ?? '')
  expect(states()).toEqual([])
})

test('without a network it waits, and goes later under the same id', async () => {
  answer = () => Promise.reject(new TypeError('network'))
  outbox.send('s', 'hello', false)
  await settle()
  expect(states()).toEqual(['waiting'])
  answer = () => Response.json({ ok: true })
  await vi.advanceTimersByTimeAsync(5_000)
  expect(states()).toEqual(['sent'])
  expect(new Set(sent.map(message => message.localId)).size).toBe(1)
})

test('a second message never overtakes the first', async () => {
  answer = () => Promise.reject(new TypeError('network'))
  outbox.send('s', 'first', false)
  outbox.send('s', 'second', false)
  await settle()
  answer = () => Response.json({ ok: true })
  outbox.flush()
  await settle()
  expect(sent.map(message => message.text)).toEqual(['first', 'first', 'second'])
})

test('an ended session is told apart, and nothing is sent again by itself', async () => {
  answer = () => Response.json({ error: 'Session is inactive', code: 'session_inactive' }, { status: 409 })
  outbox.send('s', 'hello', false)
  await vi.advanceTimersByTimeAsync(60_000)
  expect(sent).toHaveLength(1)
  expect(outbox.store.get()[0]).toMatchObject({ state: 'failed', problem: 'Not sent: the session has ended.', ended: true })
})

test('what is held goes when the session is back, in its order and under the ids it had', async () => {
  outbox.hold('s', 'first')
  outbox.hold('s', 'second')
  outbox.hold('other', 'not this one')
  const ids = outbox.store.get().map(entry => entry.localId)
  outbox.flush()
  await settle()
  expect(sent).toEqual([])
  outbox.release('s', 's')
  await settle()
  expect(sent.map(message => message.text)).toEqual(['first', 'second'])
  expect(sent.map(message => message.localId)).toEqual(ids.slice(0, 2))
  expect(states()).toEqual(['sent', 'sent', 'held'])
})

test('a refused message goes under the same id once its session is back', async () => {
  answer = () => Response.json({ error: 'Session is inactive', code: 'session_inactive' }, { status: 409 })
  outbox.send('s', 'hello', false)
  await settle()
  const [refused] = outbox.store.get()
  outbox.holdAgain(refused?.localId ?? '')
  answer = () => Response.json({ ok: true })
  outbox.release('s', 's')
  await settle()
  expect(sent.map(message => message.localId)).toEqual([refused?.localId, refused?.localId])
  expect(states()).toEqual(['sent'])
})

test('what cannot be given back stays, as not sent', () => {
  outbox.hold('s', 'first')
  outbox.hold('s', 'second')
  const given: string[] = []
  outbox.unhold('s', text => given.length === 0 && given.push(text) > 0)
  expect(given).toEqual(['first'])
  expect(outbox.store.get()).toMatchObject([{ text: 'second', state: 'failed', ended: true }])
})

test('a session out of reach is said to be', async () => {
  answer = () => Response.json({ ok: true, delivery: 'pending' })
  outbox.send('s', 'hello', false)
  await settle()
  expect(outbox.store.get()[0]).toMatchObject({ state: 'sent', pending: true })
})

test('what the hub took and does not show was taken back elsewhere; what waits stays', async () => {
  outbox.send('s', 'gone', false)
  await settle()
  answer = () => Promise.reject(new TypeError('network'))
  outbox.send('s', 'waits', false)
  await settle()
  outbox.settled('s', [])
  expect(outbox.store.get().map(entry => entry.text)).toEqual(['waits'])
})
