import { createStore } from '../app/store.ts'
import { messageOf } from '../hub/errors.ts'

export interface Toast {
  readonly id: number
  readonly text: string
  readonly tone: 'plain' | 'error'
}

const lifetime = 6_000
let last = 0

export const toasts = createStore<readonly Toast[]>([])

export function toast(text: string, tone: Toast['tone'] = 'plain'): void {
  const id = ++last
  toasts.set([...toasts.get().slice(-2), { id, text, tone }])
  setTimeout(() => dismiss(id), lifetime)
}

export function dismiss(id: number): void {
  toasts.set(toasts.get().filter(t => t.id !== id))
}

/** The one way a failed deed is told, when nothing on the screen shows it. */
export function toastError(what: string, error: unknown): void {
  toast(`${what} ${messageOf(error)}`, 'error')
}
