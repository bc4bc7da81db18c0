import { createStore } from '../app/store.ts'
import { readStored, writeStored } from '../app/storage.ts'

/** Who this browser is to the hub: the owner's token, or a token of its own that a pairing link gave it. */
export interface Account {
  readonly accessToken: string
  readonly deviceId: string | null
}

export interface AccountState {
  readonly account: Account | null
  /** Why the person has to sign in again. */
  readonly notice: string | null
}

const key = 'account'

export const accountStore = createStore<AccountState>({ account: readStored<Account>(key), notice: null })

export function keepAccount(account: Account): void {
  writeStored(key, account)
  accountStore.set({ account, notice: null })
}

export function forgetAccount(notice: string | null): void {
  writeStored(key, null)
  accountStore.set({ account: null, notice })
}
