import type { MessageWindow } from './messageWindow.ts'
import { isWaiting } from './places.ts'

/** The ends of conversations on this device's disk, so that one opens at once, and without a network. Losing them loses nothing. */
const name = 'hapi'
const table = 'windows'
const keptRows = 80
const delay = 1_000

let opening: Promise<IDBDatabase | null> | null = null
const waiting = new Map<string, ReturnType<typeof setTimeout>>()

export async function readWindow(id: string): Promise<MessageWindow | null> {
  const database = await open()
  if (!database) return null
  return settle<MessageWindow>(database.transaction(table).objectStore(table).get(id) as IDBRequest<MessageWindow>)
}

/** Writes the window a little later; `current` is asked then. */
export function keepWindow(id: string, current: () => MessageWindow): void {
  if (typeof indexedDB === 'undefined' || waiting.has(id)) return
  waiting.set(
    id,
    setTimeout(() => {
      waiting.delete(id)
      void write(id, current())
    }, delay),
  )
}

export async function forgetWindows(): Promise<void> {
  for (const timer of waiting.values()) clearTimeout(timer)
  waiting.clear()
  const database = await open()
  if (database) await settle(database.transaction(table, 'readwrite').objectStore(table).clear())
}

async function write(id: string, window: MessageWindow): Promise<void> {
  const database = await open()
  if (!database || window.epoch === null) return
  const rows = window.rows.filter(row => !isWaiting(row)).slice(-keptRows)
  await settle(database.transaction(table, 'readwrite').objectStore(table).put({ ...window, rows, live: [] }, id))
}

function open(): Promise<IDBDatabase | null> {
  opening ??= new Promise(resolve => {
    if (typeof indexedDB === 'undefined') return resolve(null)
    const request = indexedDB.open(name, 1)
    request.addEventListener('upgradeneeded', () => request.result.createObjectStore(table))
    request.addEventListener('success', () => resolve(request.result))
    request.addEventListener('error', () => resolve(null))
    request.addEventListener('blocked', () => resolve(null))
  })
  return opening
}

function settle<T>(request: IDBRequest<T>): Promise<T | null> {
  return new Promise(resolve => {
    request.addEventListener('success', () => resolve(request.result ?? null))
    request.addEventListener('error', () => resolve(null))
  })
}
