import { createStore } from './store.ts'
import { readStored, writeStored } from './storage.ts'

export type Theme = 'system' | 'light' | 'dark'

export const themeStore = createStore<Theme>(readStored<Theme>('theme') ?? 'system')

export function setTheme(theme: Theme): void {
  writeStored('theme', theme === 'system' ? null : theme)
  themeStore.set(theme)
  applyTheme()
}

export function applyTheme(): void {
  const theme = themeStore.get()
  const root = document.documentElement
  if (theme === 'system') delete root.dataset['theme']
  else root.dataset['theme'] = theme
}
