import type { ChatMessage, Done, SendRequest } from '../contracts.ts'
import { newId } from '../app/ids.ts'
import { readStored, writeStored } from '../app/storage.ts'
import { createStore } from '../app/store.ts'
import { HubError, messageOf } from '../hub/errors.ts'
import { request, sessionPath } from '../hub/request.ts'

/** A message on its way to the hub. It stays here until the hub shows it, or the person takes it back. */
export interface Outgoing {
  readonly sessionId: string
  /** The same at every attempt, so that the hub stores it once. */
  readonly localId: string
  readonly text: string
  readonly createdAt: number
  /** Written while the agent worked: it waits in the queue, not in the thread. */
  readonly queued: boolean
  readonly state: 'sending' | 'waiting' | 'sent' | 'failed' | 'held'
  /** The process is out of reach and gets it when it is back. */
  readonly pending: boolean
  readonly problem: string | null
  /** It failed because the session is over: it can go once that is reopened. */
  readonly ended?: boolean
}

const key = 'outbox'
const retryAfter = 4_000
const endedWords = 'Not sent: the session has ended.'

class Outbox {
  readonly store = createStore<readonly Outgoing[]>(
    (readStored<Outgoing[]>(key) ?? []).map(entry => (entry.state === 'failed' ? entry : { ...entry, state: 'waiting' })),
  )

  readonly #busy = new Set<string>()
  #timer: ReturnType<typeof setTimeout> | null = null

  send(sessionId: string, text: string, queued: boolean): void {
    this.#add(sessionId, text, queued, 'sending')
    void this.#flush(sessionId)
  }

  /** A message for a session that is over: it goes when that is back. */
  hold(sessionId: string, text: string): void {
    this.#add(sessionId, text, false, 'held')
  }

  /** The same for a message that was refused because the session is over. */
  holdAgain(localId: string): void {
    this.#change(localId, { state: 'held', problem: null, ended: false })
  }

  /** The session is back, under this id: what was held for it goes, in its order, under the ids it had. */
  release(sessionId: string, to: string): void {
    this.#set(this.store.get().map(entry => (entry.sessionId === sessionId && entry.state === 'held' ? { ...entry, sessionId: to, state: 'sending' as const } : entry)))
    void this.#flush(to)
  }

  /** The session did not come back. What was held is the caller's to give back; what cannot be given back stays, as not sent. */
  unhold(sessionId: string, giveBack: (text: string) => boolean): void {
    for (const entry of this.store.get().filter(e => e.sessionId === sessionId && e.state === 'held')) {
      if (giveBack(entry.text)) this.remove(entry.localId)
      else this.#change(entry.localId, { state: 'failed', problem: endedWords, ended: true })
    }
  }

  retry(localId: string): void {
    const entry = this.store.get().find(e => e.localId === localId)
    if (!entry) return
    this.#change(localId, { state: 'sending', problem: null, ended: false })
    void this.#flush(entry.sessionId)
  }

  remove(localId: string): void {
    this.#set(this.store.get().filter(entry => entry.localId !== localId))
  }

  /** The network, or the hub, is back. */
  flush(): void {
    for (const sessionId of new Set(this.store.get().map(entry => entry.sessionId))) void this.#flush(sessionId)
  }

  /** The hub has shown the message. */
  arrived(_sessionId: string, localId: string): void {
    if (this.store.get().some(entry => entry.localId === localId)) this.remove(localId)
  }

  /** The conversation is up to date: what the hub took and does not show has been taken back elsewhere. */
  settled(sessionId: string, rows: readonly ChatMessage[]): void {
    const shown = new Set(rows.map(row => row.localId))
    const next = this.store.get().filter(entry => entry.sessionId !== sessionId || (!shown.has(entry.localId) && entry.state !== 'sent'))
    if (next.length !== this.store.get().length) this.#set(next)
  }

  clear(): void {
    this.#set([])
  }

  #add(sessionId: string, text: string, queued: boolean, state: Outgoing['state']): void {
    this.#set([...this.store.get(), { sessionId, localId: newId(), text, createdAt: Date.now(), queued, state, pending: false, problem: null }])
  }

  // In order, one at a time: a second message never overtakes the first.
  async #flush(sessionId: string): Promise<void> {
    if (this.#busy.has(sessionId)) return
    this.#busy.add(sessionId)
    try {
      for (;;) {
        const entry = this.store.get().find(e => e.sessionId === sessionId && (e.state === 'sending' || e.state === 'waiting'))
        if (!entry || !(await this.#post(entry))) return
      }
    } finally {
      this.#busy.delete(sessionId)
    }
  }

  async #post(entry: Outgoing): Promise<boolean> {
    this.#change(entry.localId, { state: 'sending' })
    try {
      const body: SendRequest = { text: entry.text, localId: entry.localId, deliveryMode: 'queue' }
      const answer = await request<Done>('POST', sessionPath(entry.sessionId, '/messages'), body)
      this.#change(entry.localId, { state: 'sent', pending: answer.delivery === 'pending' })
      return true
    } catch (error) {
      if (error instanceof HubError && error.passing) {
        this.#change(entry.localId, { state: 'waiting', problem: error.message })
        this.#later()
      } else {
        const ended = error instanceof HubError && error.code === 'session_inactive'
        this.#change(entry.localId, { state: 'failed', problem: ended ? endedWords : messageOf(error), ended })
      }
      return false
    }
  }

  #later(): void {
    if (this.#timer !== null) return
    this.#timer = setTimeout(() => {
      this.#timer = null
      this.flush()
    }, retryAfter)
  }

  #change(localId: string, change: Partial<Outgoing>): void {
    this.#set(this.store.get().map(entry => (entry.localId === localId ? { ...entry, ...change } : entry)))
  }

  #set(next: readonly Outgoing[]): void {
    this.store.set(next)
    writeStored(key, next.length > 0 ? next : null)
  }
}

export const outbox = new Outbox()
