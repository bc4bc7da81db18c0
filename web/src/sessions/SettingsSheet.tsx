import { useState } from 'react'
import { Link } from 'wouter'
import { signOut } from '../accounts/signOut.ts'
import type { Machine } from '../contracts.ts'
import { nameOf } from '../machines/readings.ts'
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

export function SettingsSheet({ machines, onClose }: { machines: readonly Machine[]; onClose: () => void }) {
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
      {machines.map(machine => (
        <Link key={machine.id} href={`/machines/${machine.id}`} className="menu-item" data-testid="machine-link" onClick={onClose}>
          <Icon name="machine" /> {nameOf(machine)}
          <span className="menu-item-side">Machine</span>
        </Link>
      ))}
      <button type="button" className="menu-item menu-item-bad" disabled={leaving} onClick={() => (setLeaving(true), void signOut())}>
        <Icon name="out" /> {leaving ? 'Signing out…' : 'Sign out'}
      </button>
      <p className="hint settings-hint">Signing out removes what this browser keeps: the list, drafts and messages that were not sent.</p>
    </Sheet>
  )
}
