import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { request } from '../hub/request.ts'
import { accountStore, forgetAccount, keepAccount } from './account.ts'
import { expiry, ownerOf, tokens } from './tokens.ts'

const token = (claims: object) => `h.${btoa(JSON.stringify(claims))}.s`
const lasting = (n: number) => token({ exp: Date.now() / 1000 + 3600, n })

let calls: string[] = []
function hub(answers: (path: string, authorization: string | null) => Response) {
  calls = []
  vi.stubGlobal('fetch', (path: string, init: RequestInit) => {
    calls.push(path)
    return Promise.resolve(answers(path, new Headers(init.headers).get('authorization')))
  })
}

beforeEach(() => {
  tokens.forget()
  keepAccount({ accessToken: 'secret', deviceId: null })
})
afterEach(() => void vi.unstubAllGlobals())

test('many requests at once sign in once', async () => {
  hub(path => Response.json(path === '/api/auth' ? { token: lasting(1) } : { path }))
  await Promise.all([request('GET', '/api/a'), request('GET', '/api/b'), request('GET', '/api/c')])
  expect(calls.filter(path => path === '/api/auth')).toHaveLength(1)
})

test('a refused token is renewed once and the request sent again', async () => {
  let signs = 0
  const [old, fresh] = [lasting(1), lasting(2)]
  hub((path, authorization) => {
    if (path === '/api/auth') return Response.json({ token: ++signs === 1 ? old : fresh })
    return authorization === `Bearer ${fresh}` ? Response.json({ ok: true }) : Response.json({ error: 'Invalid token' }, { status: 401 })
  })
  await expect(request('GET', '/api/a')).resolves.toEqual({ ok: true })
  expect(calls).toEqual(['/api/auth', '/api/a', '/api/auth', '/api/a'])
})

test('an access token that the hub no longer knows signs the person out', async () => {
  hub(() => Response.json({ error: 'Invalid access token' }, { status: 401 }))
  await expect(request('GET', '/api/a')).rejects.toMatchObject({ status: 401 })
  expect(accountStore.get().account).toBeNull()
  expect(accountStore.get().notice).toMatch(/sign in again/)
})

test('a hub that is away signs nobody out', async () => {
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('network')))
  await expect(request('GET', '/api/a')).rejects.toMatchObject({ status: 0 })
  expect(accountStore.get().account).not.toBeNull()
})

test('nobody is asked for a token when nobody is signed in', async () => {
  forgetAccount(null)
  hub(() => Response.json({}))
  await expect(request('GET', '/api/a')).rejects.toMatchObject({ status: 401 })
  expect(calls).toEqual([])
})

test('a token says when it ends and whose it is', () => {
  expect(expiry(token({ exp: 5 }))).toBe(5_000)
  expect(expiry('nonsense')).toBe(Number.POSITIVE_INFINITY)
  expect(ownerOf(token({ uid: 7, ns: 'home' }))).toBe('7:home')
})
