import type { PairResponse } from '../contracts.ts'
import { clearStored, readStored, writeStored } from '../app/storage.ts'
import { HubError } from '../hub/errors.ts'
import { keepAccount, type Account } from './account.ts'
import { exchange, ownerOf, post, tokens } from './tokens.ts'

const ownerKey = 'owner'

/** Signs in with an access token. Only a token that the hub has accepted is kept. */
export async function signInWithToken(accessToken: string): Promise<void> {
  const token = await exchange(accessToken)
  begin({ accessToken, deviceId: null }, token)
}

/** Signs in with the one-time code of a link; this browser then has a token of its own. */
export async function signInWithCode(code: string): Promise<void> {
  const paired = await post<PairResponse>('/api/pair', { code, name: null })
  const token = await exchange(paired.token)
  begin({ accessToken: paired.token, deviceId: paired.device.id }, token)
}

function begin(account: Account, token: string): void {
  // Drafts and unsent messages wait for whoever signs in again, but another person's are nobody's business.
  const owner = ownerOf(token)
  if (readStored<string>(ownerKey) !== owner) clearStored()
  writeStored(ownerKey, owner)
  tokens.keep(token)
  keepAccount(account)
}

/** Takes the code out of the address, at once, so that it stays in no history and no screenshot. */
export function takeCode(): string | null {
  const code = new URLSearchParams(location.hash.slice(1)).get('code')
  if (code) history.replaceState(history.state, '', location.pathname + location.search)
  return code
}

export function explain(error: unknown): string {
  if (!(error instanceof HubError)) return 'Something went wrong. Please try again.'
  if (error.status === 401 && error.code !== 'pairing_code_invalid') return 'The hub does not know this token.'
  return error.message
}
