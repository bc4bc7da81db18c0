import { useState } from 'react'
import { signOut } from '../accounts/signOut.ts'
import { setTheme, themeStore, type Theme } from '../app/theme.ts'
import { useStore } from '../app/store.ts'
import { Icon } from '../controls/Icon.tsx'
import { Sheet } from '../controls/Sheet.tsx'
import './settings.css'

const themes: readonly { id: Theme; label: string }[] = [
  { id: 'system', label: 'As the device' },
  { id: 'light', label: 'Light' },
  { id: 'dark', label: 'Dark' },
]

export function SettingsSheet({ onClose }: { onClose: () => void }) {
  const theme = useStore(themeStore)
  const [leaving, setLeaving] = useState(false)
  return (
    <Sheet title="Settings" onClose={onClose}>
      <fieldset className="choices">
        <legend>Appearance</legend>
        {themes.map(({ id, label }) => (
          <label key={id} className="choice">
            <input type="radio" name="theme" checked={theme === id} onChange={() => setTheme(id)} />
            <span>{label}</span>
          </label>
        ))}
      </fieldset>
      <button type="button" className="menu-item menu-item-bad" disabled={leaving} onClick={() => (setLeaving(true), void signOut())}>
        <Icon name="out" /> {leaving ? 'Signing out…' : 'Sign out'}
      </button>
      <p className="hint settings-hint">Signing out removes what this browser keeps: the list, drafts and messages that were not sent.</p>
    </Sheet>
  )
}
