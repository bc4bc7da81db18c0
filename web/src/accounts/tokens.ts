import type { AuthResponse } from '../contracts.ts'
import { HubError, refusal } from '../hub/errors.ts'
import { accountStore, forgetAccount } from './account.ts'

const reserve = 60_000

/** The short-lived token of every request. It lives in memory only; one renewal runs at a time, whoever asks. */
class Tokens {
  #token: string | null = null
  #expires = 0
  #renewal: Promise<string> | null = null

  async current(): Promise<string> {
    return this.#token !== null && Date.now() < this.#expires - reserve ? this.#token : this.renewed()
  }

  renewed(): Promise<string> {
    this.#renewal ??= this.#renew().finally(() => {
      this.#renewal = null
    })
    return this.#renewal
  }

  keep(token: string): void {
    this.#token = token
    this.#expires = expiry(token)
  }

  forget(): void {
    this.#token = null
    this.#expires = 0
  }

  async #renew(): Promise<string> {
    const account = accountStore.get().account
    if (!account) throw new HubError(401, 'You are signed out.')
    try {
      const token = await exchange(account.accessToken)
      this.keep(token)
      return token
    } catch (error) {
      if (error instanceof HubError && error.status === 401 && accountStore.get().account === account) {
        this.forget()
        forgetAccount('The hub no longer knows this device. Please sign in again.')
      }
      throw error
    }
  }
}

export const tokens = new Tokens()

/** Trades an access token for a token of requests. */
export async function exchange(accessToken: string): Promise<string> {
  const answer = await post<AuthResponse>('/api/auth', { accessToken })
  return answer.token
}

/** A request of somebody who is not signed in yet. */
export async function post<Answer>(path: string, body: unknown): Promise<Answer> {
  let answer: Response
  try {
    answer = await fetch(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
  } catch {
    throw new HubError(0, 'The hub does not answer.')
  }
  if (!answer.ok) throw await refusal(answer)
  return (await answer.json()) as Answer
}

/** When the token runs out, in milliseconds since 1970; a token that does not say is renewed when it is refused. */
export function expiry(token: string): number {
  const exp = claims(token)['exp']
  return typeof exp === 'number' ? exp * 1000 : Number.POSITIVE_INFINITY
}

/** Whose token it is: the hub's owner and the namespace. */
export function ownerOf(token: string): string {
  const { uid, ns } = claims(token)
  return `${String(uid)}:${String(ns)}`
}

function claims(token: string): Record<string, unknown> {
  try {
    const part = token.split('.')[1] ?? ''
    return JSON.parse(atob(part.replaceAll('-', '+').replaceAll('_', '/'))) as Record<string, unknown>
  } catch {
    return {}
  }
}
