import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { keepAccount } from '../accounts/account.ts'
import { tokens } from '../accounts/tokens.ts'
import { outbox } from '../messages/outbox.ts'
import { reopenings, reopenProblem } from '../sessions/reopening.ts'
import { readDraft, writeDraft } from './drafts.ts'
import { reopenAndSend } from './reopenAndSend.ts'

let asked: string[] = []
let reopening: () => Response | Promise<Response>

beforeEach(() => {
  asked = []
  keepAccount({ accessToken: 'a', deviceId: null })
  tokens.keep('h.e30.s')
  writeDraft('s', '')
  vi.stubGlobal('fetch', (path: string) => {
    asked.push(path)
    return Promise.resolve(path.endsWith('/reopen') ? reopening() : Response.json({ ok: true }))
  })
})
afterEach(() => {
  outbox.clear()
  vi.unstubAllGlobals()
})

test('one tap reopens, then sends', async () => {
  reopening = () => Response.json({ ok: true, sessionId: 's', resumed: true })
  outbox.hold('s', 'go on')
  await reopenAndSend('s')
  await vi.waitFor(() => expect(outbox.store.get()[0]?.state).toBe('sent'))
  expect(asked).toEqual(['/api/sessions/s/reopen', '/api/sessions/s/messages'])
  expect(reopenings.get().has('s')).toBe(false)
})

test('what comes back under another id is sent there', async () => {
  reopening = () => Response.json({ ok: true, sessionId: 't', resumed: true })
  outbox.hold('s', 'go on')
  expect(await reopenAndSend('s')).toBe('t')
  await vi.waitFor(() => expect(outbox.store.get()[0]?.state).toBe('sent'))
  expect(asked.at(-1)).toBe('/api/sessions/t/messages')
})

test.each<[string, () => Response | Promise<Response>]>([
  ['refused', () => Response.json({ error: 'No machine online', code: 'no_machine_online' }, { status: 503 })],
  ['the network is gone', () => Promise.reject(new TypeError('network'))],
])('the text is back in the composer when it fails: %s', async (_, answer) => {
  reopening = answer
  outbox.hold('s', 'go on')
  expect(await reopenAndSend('s')).toBeNull()
  expect(readDraft('s')).toBe('go on')
  expect(outbox.store.get()).toEqual([])
  expect(reopenings.get().get('s')?.error).toBeTruthy()
})

test('what was typed since is kept, and so is the message', async () => {
  reopening = () => Response.json({ error: 'x', code: 'resume_failed' }, { status: 500 })
  outbox.hold('s', 'go on')
  const run = reopenAndSend('s')
  writeDraft('s', 'something else')
  await run
  expect(readDraft('s')).toBe('something else')
  expect(outbox.store.get()).toMatchObject([{ text: 'go on', state: 'failed', ended: true }])
})

test('two taps ask once', async () => {
  reopening = () => Response.json({ ok: true, sessionId: 's', resumed: true })
  await Promise.all([reopenAndSend('s'), reopenAndSend('s')])
  expect(asked).toEqual(['/api/sessions/s/reopen'])
})

test('a machine without a runner: what to do is said', async () => {
  reopening = () => Response.json({ error: 'No machine online', code: 'no_machine_online' }, { status: 503 })
  await reopenAndSend('s')
  expect(reopenProblem(reopenings.get().get('s')?.error, 'box')).toEqual({
    what: 'box is not online, or has no runner.',
    todo: 'Run “hapi runner start” on box, then try again.',
  })
})
